//! A host with an async runtime awaits the engine. The engine brings no runtime: any can poll its futures.

use venue_core::{Caller, Request, Sell, Wanted};
use venue_examples::{BoxOffice, Story, game};

pub(crate) fn main() -> Story {
    let office = BoxOffice::new()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let sold = runtime.block_on(async {
        let tasks: Vec<_> = (1..=18)
            .map(|seat| {
                let engine = office.engine.clone();
                tokio::spawn(async move {
                    let seat = format!("C-1-{seat}").parse().expect("a seat's name");
                    let sale = Sell::new(game(), Wanted::seats(vec![seat]));
                    engine.submit(Request::new(&Caller::local(), sale)).await
                })
            })
            .collect();
        let mut sold = 0;
        for task in tasks {
            sold += u32::from(task.await.is_ok_and(|answer| answer.is_ok()));
        }
        sold
    });
    println!("{sold} tasks sold the first row of block C");
    assert_eq!(sold, 18);
    Ok(())
}
