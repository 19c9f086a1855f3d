//! What rules can find that a person who does not see, or sees little, would stumble over: axe-core, on every page. Beside it
//! what anybody would: pages that are heavy, and pages that move while they load.
//!
//! A picture of each page is left in `target/browser/pages/`.

use std::path::PathBuf;

use serde_json::Value;
use serde_json::json;

use crate::scene::DESKTOP;
use crate::scene::PHONE;
use crate::scene::Setting;
use crate::scene::play_by_name;
use crate::tour::visit_all;
use crate::window::Window;

/// The most bytes of a page with all that it loads.
const HEAVIEST: u64 = 60 * 1024;

/// The rules themselves, which `tests/run` installs.
fn axe() -> String {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .with_file_name("clients")
        .join("node/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}; tests/run installs it", file.display()))
}

/// Each rule that the page breaks, and the elements that break it. Those of WCAG 2.2 up to AA, and what axe calls good practice.
const BROKEN: &str = "
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes.map((node) => node.target.join(' ') + ' ' + node.html.slice(0, 160)).join(' | ')}`);";

/// What the page and all that it loaded weigh as they were sent, and how far things moved meanwhile.
const COST: &str = "
    const sent = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    const moved = await new Promise((done) => {
        let sum = 0;
        // What opens where somebody pressed is no surprise.
        const surprises = (list) => list.getEntries().filter((entry) => !entry.hadRecentInput);
        new PerformanceObserver((list) => surprises(list).forEach((entry) => sum += entry.value))
            .observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => done(sum), 50);
    });
    return { bytes: sent.reduce((sum, entry) => sum + entry.encodedBodySize, 0), moved };";

async fn ask_later(window: &Window, script: &str) -> Value {
    window.ask(&format!("return (async () => {{ {script} }})();")).await
}

async fn keep_picture(window: &Window, page: &str, setting: Setting, dark: bool) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("browser").join("pages");
    std::fs::create_dir_all(&folder).unwrap();
    let page: String = page.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    let name = format!("{} {:?} {}.png", page.trim_matches('-'), setting.device, if dark { "dark" } else { "light" });
    std::fs::write(folder.join(name.replace(' ', "-")), window.whole_page().await).unwrap();
}

#[tokio::test]
async fn no_page_breaks_a_rule_of_accessibility() {
    let axe = axe();
    play_by_name(&[DESKTOP, PHONE], async |scene| {
        let mut broken = Vec::new();
        let found = std::cell::RefCell::new(&mut broken);
        visit_all(scene, async |window, page| {
            window.ask(&axe).await;
            for dark in [false, true] {
                window.set_dark(dark).await;
                let Value::Array(rules) = ask_later(window, BROKEN).await else { panic!("{page}: axe says nothing") };
                found.borrow_mut().extend(rules.iter().map(|rule| format!("{page}, dark {dark}: {rule}")));
                keep_picture(window, page, scene.setting, dark).await;
            }
        })
        .await;
        assert!(broken.is_empty(), "{}", broken.join("\n"));
    })
    .await;
}

#[tokio::test]
async fn no_page_is_heavy_or_moves_while_it_loads() {
    play_by_name(&[PHONE], async |scene| {
        visit_all(scene, async |window, page| {
            let cost = ask_later(window, COST).await;
            assert!(cost["bytes"].as_u64().is_some_and(|bytes| (1..HEAVIEST).contains(&bytes)), "{page}: {cost}");
            assert_eq!(cost["moved"], json!(0), "{page}");
        })
        .await;
    })
    .await;
}
