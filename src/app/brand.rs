//! How the pages of this server are called and look.

use std::path::Path;

use sha2::Digest;
use sha2::Sha256;

use crate::config::branding::Branding;
use crate::model::colour::Colour;

/// The heaviest picture: it is loaded with every page.
const HEAVIEST: usize = 32 * 1024;

/// A server's name, picture and colours.
#[derive(Debug)]
pub struct Brand {
    /// What it is called.
    pub name: String,
    /// What stands in place of the mark.
    pub logo: Option<Logo>,
    /// The colour of links and buttons, in the light and in the dark, where they have another than the usual one.
    pub accent: Option<(Colour, Colour)>,
}

/// A picture.
#[derive(Debug)]
pub struct Logo {
    /// Its media type.
    pub content_type: &'static str,
    /// What it is made of.
    pub body: Vec<u8>,
    /// By which a changed one has another address.
    pub version: String,
}

impl Default for Brand {
    fn default() -> Self {
        Self { name: "Hallpass".to_owned(), logo: None, accent: None }
    }
}

impl Brand {
    /// As it is configured; the picture is read now.
    ///
    /// # Errors
    /// What is wrong with the picture, beginning with the setting's name.
    pub fn open(config: &Branding) -> Result<Self, String> {
        let logo = config.logo_file.as_deref().map(Logo::open).transpose();
        let logo = logo.map_err(|wrong| format!("branding.logo_file: {wrong}"))?;
        let accent = match (config.accent, config.accent_dark) {
            (None, None) => None,
            (Some(light), dark) => Some((light, dark.unwrap_or_else(|| light.for_the_dark()))),
            (None, Some(_)) => return Err("branding.accent_dark: branding.accent has to be set with it".to_owned()),
        };
        Ok(Self { name: config.name.clone(), logo, accent })
    }
}

impl Logo {
    fn open(file: &Path) -> Result<Self, String> {
        let body = std::fs::read(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
        if body.len() > HEAVIEST {
            return Err(format!("{} has more than {} KiB", file.display(), HEAVIEST / 1024));
        }
        let content_type = media_type(&body)
            .ok_or_else(|| format!("{} is no picture in the form of SVG, PNG or WebP", file.display()))?;
        let version: String = Sha256::digest(&body).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { content_type, body, version })
    }
}

/// The media type of a picture, by how it begins.
fn media_type(body: &[u8]) -> Option<&'static str> {
    if body.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("image/png");
    }
    if body.starts_with(b"RIFF") && body.get(8..12) == Some(b"WEBP") {
        return Some("image/webp");
    }
    let text = std::str::from_utf8(body).ok()?.trim_start_matches('\u{feff}').trim_start();
    let is_svg = text.starts_with("<svg") || (text.starts_with("<?xml") && text.contains("<svg"));
    is_svg.then_some("image/svg+xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_how_it_begins() {
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n..."), Some("image/png"));
        assert_eq!(media_type(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(media_type(b"<svg xmlns=\"...\"/>"), Some("image/svg+xml"));
        assert_eq!(media_type(b"<?xml version=\"1.0\"?>\n<svg/>"), Some("image/svg+xml"));
        for other in [&b"<html><svg/></html>"[..], b"", b"GIF89a", b"\xff\xd8\xff", b"RIFF\0\0\0\0WAVE"] {
            assert_eq!(media_type(other), None);
        }
    }
}
