//! What cargo-c reads in `Cargo.toml` says what `install.sh` does: the same header, names and pkg-config file.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use venue::VENUE_ABI_VERSION;

fn package() -> Value {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1", "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("it answers in JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    packages.iter().find(|package| package["name"] == "venue-ffi").expect("this one").clone()
}

#[test]
fn cargo_c_installs_what_the_script_installs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = std::fs::read_to_string(folder.join("install.sh")).unwrap();
    let build = std::fs::read_to_string(folder.join("build.rs")).unwrap();
    let package = package();
    let capi = &package["metadata"]["capi"];
    assert!(package["features"]["capi"].is_array(), "cargo-c asks for this feature");

    // The committed header, straight below the include folder.
    let asset = json!([{"from": "include/venue.h", "to": ""}]);
    assert_eq!(
        (&capi["install"]["include"]["asset"], &capi["header"]["generation"]),
        (&asset, &json!(false))
    );
    assert_eq!(capi["header"]["subdirectory"], false);
    assert!(script.contains("\"$package/include/venue.h\" \"$into$prefix/include/venue.h\""));

    // The library's file has a name of three numbers, of which the first is the interface's, and programs look for that.
    let abi = VENUE_ABI_VERSION;
    assert_eq!(
        (&capi["library"]["name"], &capi["library"]["version"]),
        (&json!("venue"), &json!(format!("{abi}.0.0")))
    );
    assert!(script.contains("shared=\"libvenue.so.$abi.0.0\""));
    assert!(build.contains(&format!("-soname,libvenue.so.{abi}\"")));

    // The pkg-config file. Its version is the package's, as nothing else is said.
    let pc = &capi["pkg_config"];
    assert_eq!((&pc["filename"], &pc["version"]), (&json!("venue"), &Value::Null));
    for (key, value) in [("Name", &pc["name"]), ("Description", &pc["description"])] {
        let line = format!("\n{key}: {}\n", value.as_str().unwrap());
        assert!(script.contains(&line), "{line}");
    }
}
