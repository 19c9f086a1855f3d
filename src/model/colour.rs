//! Colours of pages, and whether what is written in them can be read (WCAG 2.2, 1.4.3).

use std::fmt;

/// A colour of sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

impl Colour {
    /// What links and buttons stand on in the light: white.
    pub const LIGHT_GROUND: Colour = Colour { red: 0xff, green: 0xff, blue: 0xff };
    /// The same in the dark, as the style sheet has it (`--surface`).
    pub const DARK_GROUND: Colour = Colour { red: 0x14, green: 0x1c, blue: 0x19 };
    /// The contrast that a colour needs to its ground, so that it can still be read on the tinted grounds that are made of
    /// it. WCAG asks for 4.5 there.
    pub const NEEDED_CONTRAST: f64 = 5.5;

    /// Reads `#rrggbb`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
        let [_, red, green, blue] = number.to_be_bytes();
        Some(Self { red, green, blue })
    }

    /// How different it looks from `other`, from 1 to 21 (WCAG 2.2, contrast ratio).
    pub fn contrast(self, other: Colour) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// The same colour, as much lighter as it must be to be read in the dark.
    pub fn for_the_dark(self) -> Self {
        let mut colour = self;
        while colour.contrast(Self::DARK_GROUND) < Self::NEEDED_CONTRAST {
            // White ends it at the latest.
            let lighter = |part: u8| part.saturating_add((255 - part).div_ceil(12));
            colour = Self { red: lighter(colour.red), green: lighter(colour.green), blue: lighter(colour.blue) };
        }
        colour
    }
}

/// Why a text is no colour that can be read on a ground. Each is the rest of a sentence that begins with the text's name.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum AccentError {
    /// It is written in another way.
    #[error("is not written as #rrggbb")]
    Form,
    /// It looks too much like white, by this contrast.
    #[error("could not be read: its contrast to white is {0:.1}, not {needed}; take a darker one", needed = Colour::NEEDED_CONTRAST)]
    TooLight(f64),
}

/// A colour of links and buttons that can be read: in the light it is as it was chosen, in the dark as much lighter as it
/// must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent(Colour);

impl Accent {
    /// Reads `#rrggbb`.
    ///
    /// # Errors
    /// [`AccentError`].
    pub fn parse(text: &str) -> Result<Self, AccentError> {
        let colour = Colour::parse(text).ok_or(AccentError::Form)?;
        let contrast = colour.contrast(Colour::LIGHT_GROUND);
        if contrast < Colour::NEEDED_CONTRAST { Err(AccentError::TooLight(contrast)) } else { Ok(Self(colour)) }
    }

    /// The colour in the light, and that in the dark.
    pub fn pair(self) -> (Colour, Colour) {
        (self.0, self.0.for_the_dark())
    }
}

/// `#rrggbb`.
impl fmt::Display for Accent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// `#rrggbb`.
impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_reads_what_it_writes_and_nothing_else() {
        for text in ["#0b6650", "#ffffff", "#000000"] {
            assert_eq!(Colour::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "#", "0b6650", "#0b665", "#0b66500", "#0b665g", "#+b6650", "#äb665", "red;}"] {
            assert_eq!(Colour::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_accent_can_be_read_in_the_light_and_in_the_dark() {
        let accent = Accent::parse("#1d3f8a").unwrap();
        assert_eq!(accent.to_string(), "#1d3f8a");
        let (light, dark) = accent.pair();
        assert_eq!(light.to_string(), "#1d3f8a");
        assert!(dark.contrast(Colour::DARK_GROUND) >= Colour::NEEDED_CONTRAST);
        assert_eq!(Accent::parse("blue"), Err(AccentError::Form));
        let why = Accent::parse("#ffee00").unwrap_err().to_string();
        assert_eq!(why, "could not be read: its contrast to white is 1.2, not 5.5; take a darker one");
    }

    /// WCAG 2.2
    #[test]
    fn contrast_is_that_of_the_guidelines() {
        let colour = |text| Colour::parse(text).unwrap();
        let close = |one: f64, other: f64| (one - other).abs() < 0.01;
        assert!(close(colour("#000000").contrast(colour("#ffffff")), 21.0));
        assert!(close(colour("#777777").contrast(colour("#ffffff")), 4.48));
        assert!(close(colour("#ffffff").contrast(colour("#ffffff")), 1.0));
    }

    #[test]
    fn every_colour_can_be_made_light_enough_for_the_dark() {
        for text in ["#000000", "#0b6650", "#1d3f8a", "#7a0019", "#ffffff"] {
            let colour = Colour::parse(text).unwrap();
            assert!(colour.for_the_dark().contrast(Colour::DARK_GROUND) >= Colour::NEEDED_CONTRAST, "{text}");
        }
        let light = Colour::parse("#5ec8a8").unwrap();
        assert_eq!(light.for_the_dark(), light);
    }
}
