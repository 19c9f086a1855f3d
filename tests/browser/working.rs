//! Work that may take long shows that it goes on.

use crate::scene::DESKTOP;
use crate::scene::PHONE;
use crate::scene::play;
use crate::support::seed::PASSWORD;

#[tokio::test]
async fn what_takes_long_says_so_and_what_does_not_says_nothing() {
    play(&[DESKTOP, PHONE], async |scene| {
        scene.app.person("ada", &["admin"]).await;
        let window = scene.signed_in("ada", PASSWORD).await;
        window.open("/import").await;
        assert_eq!(window.count("progress").await, 0);
        // An answer that does not come.
        window.ask("document.querySelector('form[data-long]').addEventListener('submit', (event) => event.preventDefault())").await;
        window.press("Import").await;
        window.find("form progress").await;
        window.says("Working. This can take a while.").await;
        window.reload().await;
        assert_eq!(window.count("progress").await, 0);
    })
    .await;
}
