//! Halls of any size, written as a seating plan's file.

use std::fmt::Write as _;

/// Seats of one row.
const ROW: u32 = 40;
/// Rows of one block.
const BLOCK: u32 = 25;
/// The price categories, from the field outwards.
const CATEGORIES: [&str; 4] = ["Unterrang", "Mittelrang", "Oberrang", "Gästeblock"];

/// A stadium of so many seats in pretix's seating-plan JSON: blocks of 25 rows of 40 seats on four sides of
/// a field, the last row as short as it must be, an aisle after every 20 seats, the ends of each block's
/// first row for people in wheelchairs. The same count gives the same text.
pub fn stadium(seats: u32) -> String {
    let mut text = String::with_capacity(seats as usize * 110 + 1_000);
    text.push_str(r#"{"name":"Stadion","size":{"width":40000,"height":40000},"#);
    text.push_str(r#""focal_point":{"x":20000,"y":20000.5},"categories":["#);
    for (place, name) in CATEGORIES.iter().enumerate() {
        let comma = if place > 0 { "," } else { "" };
        let _ = write!(text, r##"{comma}{{"name":"{name}","color":"#33{place}{place}66"}}"##);
    }
    text.push_str(r#"],"zones":["#);
    let blocks = seats.div_ceil(ROW * BLOCK).max(1);
    for block in 0..blocks {
        let first = block * ROW * BLOCK;
        write_block(&mut text, block, (seats - first).min(ROW * BLOCK));
    }
    text.push_str("]}");
    text
}

fn write_block(text: &mut String, block: u32, seats: u32) {
    let comma = if block > 0 { "," } else { "" };
    let (side, along) = (block % 4, block / 4);
    let (x, y) = match side {
        0 => (along * 1_200, 0),
        1 => (along * 1_200, 30_000),
        2 => (0, 1_200 + along * 1_100),
        _ => (30_000, 1_200 + along * 1_100),
    };
    let _ = write!(
        text,
        r#"{comma}{{"name":"Block {block}","zone_id":"{block}","position":{{"x":{x},"y":{y}}},"rows":["#
    );
    let category = CATEGORIES[(block / 4 % 4) as usize];
    for row in 0..seats.div_ceil(ROW) {
        let comma = if row > 0 { "," } else { "" };
        let y = row * 40;
        let row_number = row + 1;
        let _ = write!(
            text,
            r#"{comma}{{"row_number":"{row_number}","position":{{"x":0,"y":{y}}},"seats":["#
        );
        for seat in 0..(seats - row * ROW).min(ROW) {
            let comma = if seat > 0 { "," } else { "" };
            let number = seat + 1;
            let x = seat * 25 + if seat >= 20 { 25 } else { 0 };
            let wheelchair = row == 0 && !(2..ROW - 2).contains(&seat);
            let mark = if wheelchair { r#","wheelchair":true"# } else { "" };
            let _ = write!(
                text,
                r#"{comma}{{"seat_guid":"{block}-{row_number}-{number}","seat_number":"{number}","position":{{"x":{x}.5,"y":0}},"category":"{category}"{mark}}}"#
            );
        }
        text.push_str("]}");
    }
    text.push_str("]}");
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use venue_core::import::parse_plan;

    #[test]
    fn a_stadium_has_the_seats_that_were_asked_for() {
        for seats in [1, 40, 41, 999, 1_000, 1_001, 12_345] {
            let (plan, warnings) = parse_plan("stadium", stadium(seats).as_bytes()).unwrap();
            assert_eq!((plan.capacity(), warnings.len()), (seats, 0));
        }
        assert_eq!(stadium(2_000), stadium(2_000));
    }

    #[test]
    fn eighty_thousand_seats_are_read_well_within_a_second() {
        let text = stadium(80_000);
        let began = Instant::now();
        let (plan, _) = parse_plan("stadium", text.as_bytes()).unwrap();
        let took = began.elapsed();
        println!("{} bytes, {} seats: {took:?}", text.len(), plan.capacity());
        assert_eq!(plan.capacity(), 80_000);
        let last = plan.seats().last().unwrap();
        assert_eq!(plan.seat_named(&last.label), Some(79_999));
        // Without optimisation the bound says nothing.
        if !cfg!(debug_assertions) {
            assert!(took.as_millis() < 1_000, "{took:?}");
        }
    }

    #[test]
    fn a_plan_of_the_greatest_size_is_read_and_one_seat_more_is_not() {
        let (plan, _) = parse_plan("stadium", stadium(200_000).as_bytes()).unwrap();
        assert_eq!(plan.capacity(), 200_000);
        let error = parse_plan("stadium", stadium(200_001).as_bytes()).unwrap_err();
        assert_eq!(error.key.as_deref(), Some("zones[200].rows[0].seats[0]"));
        assert_eq!(error.message, "a plan has at most 200000 seats");
    }
}
