//! What opens no file: the schema, completions and man pages.

use clap_mangen::Man;

use crate::args::{self, Completions};
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// `venue schema`
pub(crate) fn schema(output: &mut Output) -> Result<Exit, Failure> {
    let schema = venue_core::engine::schema();
    output.answer("schema", &schema, || format!("{schema:#}"))?;
    Ok(Exit::Done)
}

/// `venue completions`
pub(crate) fn completions(args: &Completions, output: &mut Output) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::definition(), "venue", &mut script);
    output.bytes(&script)?;
    Ok(Exit::Done)
}

/// `venue man`
pub(crate) fn man(args: &args::Man, output: &mut Output) -> Result<Exit, Failure> {
    let definition = args::definition();
    if let Some(folder) = &args.dir {
        let failed = |error| Failure::io(&folder.display().to_string(), &error);
        std::fs::create_dir_all(folder).map_err(failed)?;
        clap_mangen::generate_to(definition, folder).map_err(failed)?;
    } else {
        let mut page = Vec::new();
        Man::new(definition).render(&mut page).map_err(|error| Failure::io("man", &error))?;
        output.bytes(&page)?;
    }
    Ok(Exit::Done)
}
