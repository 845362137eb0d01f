//! The simulator as a program: prints one line of JSON when it is ready, and runs until it is told to stop.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use ief_sim::{Edition, Options, Pace, Simulator};
use lexopt::prelude::{Long, Short, ValueExt};

const HELP: &str = "\
A simulator of the IEF and IAM APIs over real HTTP.

Usage: ief-sim [OPTION]…

  --listen ADDRESS         where to listen, on loopback only [127.0.0.1:0]
  --separate-iam           let IAM answer on a port of its own
  --tls                    speak TLS with a certificate of the simulator's own CA
  --seed NUMBER            the same seed gives the same fleet and account [1]
  --nodes NUMBER           nodes at the start [200]
  --devices NUMBER         devices at the start [three for two nodes]
  --edition EDITION        platinum or professional [platinum]
  --token-lifetime SECONDS how long a token holds [86400]
  --quota TYPE=NUMBER      a quota, such as edge_node=210; may be given several times
  --fault SPEC             a fault, such as throttled=2,op=list_edge_nodes,count=3; likewise
  --manual-clock           let simulated time pass only by POST /_sim/advance
  --help                   show this
";

fn main() -> ExitCode {
    let options = match read_options() {
        Ok(Some(options)) => options,
        Ok(None) => {
            return match std::io::stdout().write_all(HELP.as_bytes()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            };
        }
        Err(error) => return fail(&error, 2),
    };
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&*error, 1),
    }
}

fn fail(error: &dyn std::error::Error, code: u8) -> ExitCode {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        // Some errors tell their cause themselves.
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    // With no stderr to write to, the exit code still tells.
    drop(writeln!(std::io::stderr(), "ief-sim: {text}"));
    ExitCode::from(code)
}

fn run(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let running = Simulator::start(options).await?;
        writeln!(std::io::stdout(), "{}", running.account().to_json_line())?;
        stopped().await?;
        Ok(())
    })
}

#[cfg(unix)]
async fn stopped() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}

#[cfg(not(unix))]
async fn stopped() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

fn read_options() -> Result<Option<Options>, lexopt::Error> {
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("listen") => options.listen = parser.value()?.parse()?,
            Long("separate-iam") => options.separate_iam = true,
            Long("tls") => options.tls = true,
            Long("seed") => options.seed = parser.value()?.parse()?,
            Long("nodes") => options.nodes = parser.value()?.parse()?,
            Long("devices") => options.devices = Some(parser.value()?.parse()?),
            Long("edition") => {
                options.edition = parser.value()?.parse_with(|edition| match edition {
                    "platinum" => Ok(Edition::Platinum),
                    "professional" => Ok(Edition::Professional),
                    _ => Err("an edition is platinum or professional"),
                })?;
            }
            Long("token-lifetime") => {
                options.token_lifetime = Duration::from_secs(parser.value()?.parse()?);
            }
            Long("quota") => {
                let (kind, quota) = parser.value()?.parse_with(read_quota)?;
                options.quotas.insert(kind, quota);
            }
            Long("fault") => options.faults.push(parser.value()?.parse()?),
            Long("manual-clock") => options.pace = Pace::Manual,
            Long("help") | Short('h') => return Ok(None),
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(Some(options))
}

fn read_quota(text: &str) -> Result<(String, i64), &'static str> {
    let wrong = "a quota is a type and a number, such as edge_node=210";
    let (kind, quota) = text.split_once('=').ok_or(wrong)?;
    let known = ief_api::quota::QuotaType::DOCUMENTED
        .iter()
        .any(|k| k.as_str() == kind);
    // Some kinds have a quota that no type tells of.
    let untold = ief_api::catalogue::resource(kind).is_some_and(|it| it.quota.is_none());
    if !known && !untold {
        return Err("there is no quota of this type");
    }
    Ok((kind.to_owned(), quota.parse().map_err(|_| wrong)?))
}
