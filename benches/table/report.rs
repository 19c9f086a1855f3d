//! How the table is printed.

use crate::paths::Figures;
use crate::paths::PathRow;

/// The machine that this runs on.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let (processor, kernel) = (read("/proc/cpuinfo"), read("/proc/sys/kernel/osrelease"));
    let model = processor.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let busy = read("/proc/loadavg");
    let busy = busy.split_whitespace().next().unwrap_or("?");
    let model = model.trim_start_matches(['\t', ':', ' ']);
    format!("{cores} cores of {model}, Linux {}, load {busy} when it began\n", kernel.trim())
}

/// The head of the table of paths.
pub fn paths_head(with_other: bool) {
    println!(
        "| path | ours, us | bare, us | ratio | target | ours/s | bare/s | writes a sync |{}",
        match with_other {
            true => " other, us | other/s |",
            false => "",
        }
    );
    println!("| --- | --: | --: | --: | --: | --: | --: | --: |{}", if with_other { " --: | --: |" } else { "" });
}

/// One row of it. `other` is there where another server is compared, with nothing in it where it has no such path.
pub fn path(row: &PathRow, ours: Figures, bare: Figures, other: Option<Option<Figures>>, writes_a_sync: Option<f64>) {
    let figure = |value: Option<f64>, digits: usize| value.map_or("-".to_owned(), |value| format!("{value:.digits$}"));
    let ratio = ours.micros.zip(bare.micros).map(|(ours, bare)| bare / ours);
    let mut line = format!(
        "| {} | {} | {} | {} | {:.2} | {:.0} | {:.0} | {} |",
        row.name,
        figure(ours.micros, 1),
        figure(bare.micros, 1),
        figure(ratio, 2),
        row.target,
        ours.rate,
        bare.rate,
        figure(writes_a_sync, 1)
    );
    if let Some(other) = other {
        let micros = figure(other.and_then(|other| other.micros), 1);
        line.push_str(&format!(" {micros} | {} |", figure(other.map(|other| other.rate), 0)));
    }
    println!("{line}");
}

/// The head of the table of all else.
pub fn facts_head() {
    println!("\n| what | measured | target | |");
    println!("| --- | --: | --: | --- |");
}

/// One row of it.
pub fn fact(name: &str, measured: &str, target: &str, note: &str) {
    println!("| {name} | {measured} | {target} | {note} |");
}
