//! PostgreSQL, where it is installed: a server of our own for the time of the measurement, and the sale as it is
//! usually written for it.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use postgres::types::ToSql;
use postgres::{Client, NoTls, Statement};
use tempfile::TempDir;
use venue_core::domain::ids::FileId;

use super::catalog::{self, Hall};
use super::rows::{
    self, BOOKING, CHANGE, CLAIM, COUNTER, KEY, KEY_LIFE, LINE, META, PUT_COUNTER, PUT_META,
    PUT_VERSION, Paper, QUANTITY, SCOPE, TICKET, VERSION,
};

/// The engine's schema.
const SCHEMA: &str = include_str!("../../../venue-core/src/store/sqlite/migrations/0001_first.sql");

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    programs: PathBuf,
    process: Child,
    data: TempDir,
    /// A path of a socket is short, so it does not lie beside the data.
    socket: TempDir,
    owner: Option<(u32, u32)>,
}

impl Server {
    /// Starts a server whose data lie in a folder, with a file's worth of catalogue; or says why there is none.
    pub(crate) fn start(folder: &Path) -> Result<Self, String> {
        let programs =
            programs().ok_or("no initdb and postgres on PATH or in /usr/lib/postgresql")?;
        // A server refuses to run as root.
        let root = std::fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
        let owner = if root { Some(nobody().ok_or("no user nobody")?) } else { None };
        let said = |error: std::io::Error| error.to_string();
        let data = tempfile::Builder::new().prefix("pg-").tempdir_in(folder).map_err(said)?;
        let socket = tempfile::Builder::new().prefix("pg-").tempdir_in("/tmp").map_err(said)?;
        for place in [&data, &socket] {
            if let Some((user, group)) = owner {
                std::os::unix::fs::chown(place.path(), Some(user), Some(group)).map_err(said)?;
            }
        }
        let passable = std::fs::Permissions::from_mode(0o711);
        std::fs::set_permissions(folder, passable).map_err(said)?;
        let mut make = command(&programs.join("initdb"), owner);
        make.args(["--auth=trust", "--username=venue", "--encoding=UTF8", "--no-locale", "-D"]);
        let made = make.arg(data.path()).stdout(Stdio::null()).output().map_err(said)?;
        if !made.status.success() {
            return Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr).trim()));
        }
        let mut serve = command(&programs.join("postgres"), owner);
        serve.arg("-D").arg(data.path()).arg("-k").arg(socket.path());
        serve.args(["-c", "listen_addresses=", "-c", "max_connections=120", "-c", "fsync=on"]);
        serve.args(["-c", "synchronous_commit=on"]).stdout(Stdio::null()).stderr(Stdio::null());
        let process = serve.spawn().map_err(said)?;
        let server = Self { programs, process, data, socket, owner };
        server.wait()?.batch_execute(&schema()).map_err(|error| format!("the schema: {error}"))?;
        Ok(server)
    }

    /// A connection.
    pub(crate) fn connect(&self) -> Result<Client, postgres::Error> {
        let mut config = postgres::Config::new();
        config.host_path(self.socket.path()).user("venue").dbname("postgres").connect(NoTls)
    }

    fn wait(&self) -> Result<Client, String> {
        let began = Instant::now();
        loop {
            match self.connect() {
                Ok(client) => return Ok(client),
                Err(error) if began.elapsed() > Duration::from_secs(30) => {
                    return Err(format!("the server does not answer: {error}"));
                }
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = command(&self.programs.join("pg_ctl"), self.owner);
        stop.args(["stop", "-m", "fast", "-w", "-D"]).arg(self.data.path()).stdout(Stdio::null());
        if !stop.status().is_ok_and(|status| status.success()) {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

fn command(program: &Path, owner: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    command.current_dir("/");
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}

/// The folder of the server's programs.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut installed: Vec<PathBuf> = installed.map(|entry| entry.path().join("bin")).collect();
    installed.sort();
    folders.extend(installed.into_iter().rev());
    let all = ["initdb", "postgres", "pg_ctl"];
    folders.into_iter().find(|folder| all.iter().all(|name| folder.join(name).is_file()))
}

/// User and group of nobody.
fn nobody() -> Option<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let fields: Vec<&str> =
        users.lines().map(|line| line.split(':').collect()).find(|f: &Vec<_>| f[0] == "nobody")?;
    Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
}

/// The engine's schema in PostgreSQL's words, with the catalogue and the rows that sales lock.
fn schema() -> String {
    let schema = SCHEMA
        .replace(") STRICT, WITHOUT ROWID;", ");")
        .replace(") STRICT;", ");")
        .replace("stored       INTEGER NOT NULL", "stored BIGINT GENERATED ALWAYS AS IDENTITY")
        .replace("INTEGER", "BIGINT")
        .replace(" BLOB", " BYTEA")
        .replace("x'00000000000000000000000000000000'", "'\\x00000000000000000000000000000000'");
    let literal = catalog::literal_of_postgres;
    let (event, slot) = (literal(&catalog::event()), literal(&catalog::slot(0)));
    let (id, chain) = (literal(&[0; 16]), literal(&[0; 32]));
    let (catalogue, places) = (catalog::catalogue(Hall::Area, literal), catalog::PLACES);
    format!(
        "{schema} {catalogue}
         INSERT INTO meta VALUES (1, {id}, 1, 0, 0, 0, 0, 0, 0, 0, {chain});
         INSERT INTO area VALUES ({event}, {slot}, 'Stand', {places}, 0, 0, 0, 0);"
    )
}

/// A connection with its prepared statements.
pub(crate) struct Till {
    client: Client,
    statements: Vec<Statement>,
    paper: Paper,
}

impl Till {
    /// At this server.
    pub(crate) fn open(server: &Server) -> Self {
        let mut client = server.connect().expect("a connection");
        let locking = [COUNTER, VERSION, META].map(|sql| format!("{sql} FOR UPDATE"));
        let writing =
            [BOOKING, LINE, TICKET, CLAIM, CHANGE, KEY, PUT_COUNTER, PUT_VERSION, PUT_META];
        let all = locking.iter().map(String::as_str).chain(writing);
        let prepared = all.map(|sql| client.prepare(sql).expect("a statement")).collect();
        Self { client, statements: prepared, paper: Paper::new(FileId::from_bytes([0; 16]), 0) }
    }

    /// One sale, in a transaction of its own.
    pub(crate) fn sell(&mut self) -> Result<(), postgres::Error> {
        let paper = &self.paper;
        let (event, slot, organizer) = (&paper.event[..], &paper.slot[..], &paper.organizer[..]);
        let [counter, version, meta, booking, line, ticket, claim, change, key, heads @ ..] =
            &self.statements[..]
        else {
            unreachable!("all statements were prepared")
        };
        let mut tx = self.client.transaction()?;
        let row = tx.query_one(counter, &[&event, &slot])?;
        let (free, sold): (i64, i64) = (row.get(0), row.get(1));
        assert!(free >= QUANTITY, "the slot is sold out");
        let version: i64 = tx.query_one(version, &[&event, &slot])?.get(0);
        let row = tx.query_one(meta, &[])?;
        let (number, seq): (i64, i64) = (row.get(0), row.get(1));
        let before: &[u8] = row.get(2);
        let before = before.try_into().expect("a hash has 32 bytes");
        let sale = paper.sale(number + 1, seq + 1, rows::now());
        let chain = &paper.chain(&sale, before)[..];
        let (id, at, expires_at) = (&sale.id[..], sale.at, sale.at + KEY_LIFE);
        let prints = &paper.prints;
        tx.execute(claim, &[&event, &slot, &id])?;
        tx.execute(booking, &[&event, &id, &organizer, &sale.number, &at])?;
        tx.execute(line, &[&event, &id, &slot])?;
        for (n, ticket_id) in (1_i64..).zip(&sale.tickets) {
            tx.execute(ticket, &[&event, &id, &n, &&ticket_id[..]])?;
        }
        let body = &sale.body;
        tx.execute(change, &[&sale.seq, &at, &organizer, &event, &slot, &id, body, &chain])?;
        tx.execute(key, &[&organizer, &SCOPE, &sale.key, prints, &sale.seq, &expires_at])?;
        let rows: [&[&(dyn ToSql + Sync)]; 3] = [
            &[&event, &slot, &(sold + QUANTITY)],
            &[&(version + 1), &event, &slot],
            &[&at, &sale.number, &sale.seq, &chain],
        ];
        for (statement, row) in heads.iter().zip(rows) {
            tx.execute(statement, row)?;
        }
        tx.commit()
    }
}
