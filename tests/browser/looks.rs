//! How pages look: nothing sticks out on a phone, and everything can be read in light and in dark.

use crate::scene::DESKTOP;
use crate::scene::PHONE;
use crate::scene::SMALL_PHONE;
use crate::scene::play_by_name;
use crate::tour::visit_all;

/// What sticks out at the side, of the page or of what it stands in, by the first words of its source.
const STICKS_OUT: &str = "
    const width = document.documentElement.clientWidth;
    const out = [...document.body.querySelectorAll('*')].filter((element) => {
        const box = element.getBoundingClientRect();
        if (box.width <= 1 || box.height <= 1) return false;
        const style = getComputedStyle(element);
        const holds = style.display === 'inline' || style.overflowX !== 'visible'
            || element.scrollWidth <= element.clientWidth;
        return box.right > width + 0.5 || box.left < -0.5 || !holds;
    });
    const scrolls = document.documentElement.scrollWidth > width;
    return [scrolls ? [`the page is ${document.documentElement.scrollWidth} wide`] : [], out.map((element) =>
        element.outerHTML.slice(0, 120))].flat();";

#[tokio::test]
async fn no_page_is_wider_than_a_phone() {
    play_by_name(&[PHONE, SMALL_PHONE], async |scene| {
        let width = scene.setting.device.size().0;
        visit_all(scene, async |window, page| {
            assert_eq!(window.ask("return document.documentElement.clientWidth").await, width, "{page}");
            let out = window.ask(STICKS_OUT).await;
            assert_eq!(out, serde_json::json!([]), "{page} at {width} pixels");
        })
        .await;
    })
    .await;
}

/// WCAG 2.2, 1.4.3: what can't be read well: each text with less contrast to its ground than 4.5, large ones than 3.
const PALE: &str = "
    const parse = (text) => {
        const numbers = text.match(/[\\d.]+/g).map(Number);
        const [red, green, blue] = text.startsWith('color(') ? numbers.map((part) => part * 255) : numbers;
        return { red, green, blue, alpha: numbers[3] ?? 1 };
    };
    const over = (top, below) => {
        const mix = (part) => top[part] * top.alpha + below[part] * (1 - top.alpha);
        return { red: mix('red'), green: mix('green'), blue: mix('blue'), alpha: 1 };
    };
    const luminance = ({ red, green, blue }) => {
        const [r, g, b] = [red, green, blue].map((part) => part / 255)
            .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element) => {
        if (element === null) return { red: 255, green: 255, blue: 255, alpha: 1 };
        const own = parse(getComputedStyle(element).backgroundColor);
        return own.alpha === 1 ? own : over(own, ground(element.parentElement));
    };
    const pale = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        const box = element.getBoundingClientRect();
        const text = texts.currentNode.textContent.trim();
        if (text === '' || box.width <= 1 || !element.checkVisibility()) continue;
        const style = getComputedStyle(element);
        const below = ground(element);
        const [one, other] = [luminance(over(parse(style.color), below)), luminance(below)];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        const size = parseFloat(style.fontSize);
        const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        if (ratio < (isLarge ? 3 : 4.5)) pale.push(`${ratio.toFixed(2)}: ${text}`);
    }
    return pale;";

#[tokio::test]
async fn every_page_can_be_read_in_light_and_in_dark() {
    play_by_name(&[DESKTOP], async |scene| {
        visit_all(scene, async |window, page| {
            let mut grounds = Vec::new();
            for dark in [false, true] {
                window.set_dark(dark).await;
                grounds.push(window.ask("return getComputedStyle(document.body).backgroundColor").await);
                let pale = window.ask(PALE).await;
                assert_eq!(pale, serde_json::json!([]), "{page}, dark: {dark}");
            }
            assert_ne!(grounds[0], grounds[1], "{page} follows the system");
        })
        .await;
    })
    .await;
}
