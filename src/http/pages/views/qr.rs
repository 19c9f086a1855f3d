//! QR codes as SVG paths (ISO/IEC 18004), for phones that look at the screen.

use qrcodegen::QrCode;
use qrcodegen::QrCodeEcc;

/// How many modules are left free around the code.
const QUIET_ZONE: i32 = 4;

/// A picture of a text.
pub struct Qr {
    /// The sides of the picture, in modules.
    pub side: i32,
    /// The dark modules, as the attribute `d` of a path.
    pub path: String,
}

impl Qr {
    /// Draws a text; `None` where it is too long for any code.
    pub fn draw(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        let dark = all.filter(|(x, y)| code.get_module(*x, *y));
        let path = dark.map(|(x, y)| format!("M{} {}h1v1h-1z", x + QUIET_ZONE, y + QUIET_ZONE)).collect();
        Some(Self { side: code.size() + 2 * QUIET_ZONE, path })
    }
}

#[cfg(test)]
mod tests {
    use super::Qr;

    #[test]
    fn a_code_has_its_three_corners_and_a_free_margin() {
        let qr = Qr::draw("otpauth://totp/a").unwrap();
        assert_eq!(qr.side, 25 + 8);
        for corner in ["M4 4h1v1h-1z", "M28 4h1v1h-1z", "M4 28h1v1h-1z"] {
            assert!(qr.path.contains(corner), "{corner}");
        }
        assert!(!qr.path.contains("M3 ") && !qr.path.contains("M29 "), "{}", qr.path);
        assert!(Qr::draw(&"x".repeat(4000)).is_none());
    }
}
