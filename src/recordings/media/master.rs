//! The master playlist of a recording (RFC 8216, section 4.3.4): its pictures, its sound and its captions, for the player to
//! choose from. All addresses are relative, so they stay under the ticket that the player was given.

use std::fmt::{self, Write};

/// Everything a player may choose from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Master {
    /// Pictures, the one to begin with first; for a recording that is only heard, its sound.
    pub variants: Vec<Variant>,
    /// The sound, where it lies beside the pictures.
    pub sounds: Vec<Sound>,
    /// Captions by language.
    pub captions: Vec<Captions>,
}

/// One variant stream (`EXT-X-STREAM-INF`, 4.3.4.2).
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The address of its media playlist.
    pub address: String,
    /// Its peak in bits a second, without the sound beside it.
    pub peak: u64,
    /// Its average in bits a second, without the sound beside it.
    pub average: u64,
    /// Its own codec (RFC 6381).
    pub codec: String,
    /// Width, height and frames a second of a picture.
    pub picture: Option<(u32, u32, f64)>,
}

/// A sound that goes with every picture (`EXT-X-MEDIA`, 4.3.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    /// The address of its media playlist.
    pub address: String,
    /// What viewers choose it by.
    pub name: String,
    /// The language spoken (BCP 47), where it is known.
    pub language: Option<String>,
    /// How many channels it has.
    pub channels: u32,
    /// Its peak in bits a second.
    pub peak: u64,
    /// Its average in bits a second.
    pub average: u64,
    /// Its codec (RFC 6381).
    pub codec: String,
}

/// Captions in one language (`EXT-X-MEDIA`, 4.3.4.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captions {
    /// The address of their media playlist.
    pub address: String,
    /// The language's own name, which viewers choose them by.
    pub name: String,
    /// The language (BCP 47).
    pub language: String,
    /// Whether they are in the language spoken, for those who do not hear it; else they are a translation.
    pub spoken: bool,
}

impl Master {
    /// The playlist as text.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n".to_owned();
        let mut write = || -> fmt::Result {
            for (at, sound) in self.sounds.iter().enumerate() {
                write_sound(&mut text, sound, at == 0)?;
            }
            for captions in &self.captions {
                write_captions(&mut text, captions)?;
            }
            for variant in &self.variants {
                self.write_variant(&mut text, variant)?;
            }
            Ok(())
        };
        write().expect("a String takes every text");
        text
    }

    /// The rates are those of the picture with the greediest sound, which is what a player must be able to carry.
    fn write_variant(&self, text: &mut String, variant: &Variant) -> fmt::Result {
        let most = |rate: fn(&Sound) -> u64| self.sounds.iter().map(rate).max().unwrap_or_default();
        let (peak, average) = (variant.peak + most(|sound| sound.peak), variant.average + most(|sound| sound.average));
        let mut codecs = vec![variant.codec.as_str()];
        codecs.extend(self.sounds.iter().map(|sound| sound.codec.as_str()));
        codecs.sort_unstable();
        codecs.dedup();
        write!(text, "#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},CODECS=\"{}\"", codecs.join(","))?;
        if let Some((width, height, frame_rate)) = variant.picture {
            write!(text, ",RESOLUTION={width}x{height},FRAME-RATE={frame_rate:.3}")?;
        }
        if !self.sounds.is_empty() {
            write!(text, ",AUDIO=\"sound\"")?;
        }
        if !self.captions.is_empty() {
            write!(text, ",SUBTITLES=\"captions\"")?;
        }
        writeln!(text, ",CLOSED-CAPTIONS=NONE\n{}", variant.address)
    }
}

fn write_sound(text: &mut String, sound: &Sound, default: bool) -> fmt::Result {
    write!(text, "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"{}\"", quotable(&sound.name))?;
    if let Some(language) = &sound.language {
        write!(text, ",LANGUAGE=\"{}\"", quotable(language))?;
    }
    let default = if default { "YES" } else { "NO" };
    writeln!(text, ",DEFAULT={default},AUTOSELECT=YES,CHANNELS=\"{}\",URI=\"{}\"", sound.channels, sound.address)
}

/// Captions never start by themselves (`DEFAULT=NO`), but a player set to the viewer's language may choose them. Those in the
/// language spoken say that they describe speech and sounds.
fn write_captions(text: &mut String, captions: &Captions) -> fmt::Result {
    let [name, language] = [&captions.name, &captions.language].map(|value| quotable(value));
    write!(text, "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"captions\",NAME=\"{name}\",LANGUAGE=\"{language}\"")?;
    write!(text, ",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO")?;
    if captions.spoken {
        let both = "public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound";
        write!(text, ",CHARACTERISTICS=\"{both}\"")?;
    }
    writeln!(text, ",URI=\"{}\"", captions.address)
}

/// A quoted string holds neither quotes nor line ends (section 4.2).
fn quotable(text: &str) -> String {
    text.chars().filter(|c| *c != '"' && !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film() -> Master {
        let picture = |name: &str, peak, size: (u32, u32)| Variant {
            address: format!("{name}.m3u8"),
            peak,
            average: peak / 2,
            codec: "avc1.4D401F".into(),
            picture: Some((size.0, size.1, 30_000.0 / 1001.0)),
        };
        let sound = Sound {
            address: "sound.m3u8".into(),
            name: "English".into(),
            language: Some("en".into()),
            channels: 1,
            peak: 52_000,
            average: 50_000,
            codec: "mp4a.40.2".into(),
        };
        let captions =
            Captions { address: "captions-ar.m3u8".into(), name: "العربية".into(), language: "ar".into(), spoken: false };
        Master {
            variants: vec![picture("720p", 2_000_000, (1280, 720)), picture("240p", 100_000, (426, 240))],
            sounds: vec![sound],
            captions: vec![captions],
        }
    }

    #[test]
    fn a_film_lists_sound_captions_and_pictures() {
        let text = film().render();
        let expected = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n\
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"English\",LANGUAGE=\"en\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"1\",URI=\"sound.m3u8\"\n\
            #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"captions\",NAME=\"العربية\",LANGUAGE=\"ar\",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,URI=\"captions-ar.m3u8\"\n\
            #EXT-X-STREAM-INF:BANDWIDTH=2052000,AVERAGE-BANDWIDTH=1050000,CODECS=\"avc1.4D401F,mp4a.40.2\",RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO=\"sound\",SUBTITLES=\"captions\",CLOSED-CAPTIONS=NONE\n720p.m3u8\n\
            #EXT-X-STREAM-INF:BANDWIDTH=152000,AVERAGE-BANDWIDTH=100000,CODECS=\"avc1.4D401F,mp4a.40.2\",RESOLUTION=426x240,FRAME-RATE=29.970,AUDIO=\"sound\",SUBTITLES=\"captions\",CLOSED-CAPTIONS=NONE\n240p.m3u8\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_silent_film_and_a_sound_without_picture_name_no_groups() {
        let silent = Master { sounds: Vec::new(), captions: Vec::new(), ..film() }.render();
        assert!(!silent.contains("AUDIO=") && !silent.contains("SUBTITLES=") && silent.contains("CODECS=\"avc1.4D401F\""));
        let variant =
            Variant { address: "sound.m3u8".into(), peak: 52_000, average: 50_000, codec: "mp4a.40.2".into(), picture: None };
        let heard = Master { variants: vec![variant], ..Master::default() }.render();
        assert!(
            heard.ends_with("BANDWIDTH=52000,AVERAGE-BANDWIDTH=50000,CODECS=\"mp4a.40.2\",CLOSED-CAPTIONS=NONE\nsound.m3u8\n")
        );
    }

    #[test]
    fn captions_in_the_language_spoken_say_so() {
        let mut film = film();
        film.captions[0].spoken = true;
        assert!(film.render().contains("CHARACTERISTICS=\"public.accessibility.transcribes-spoken-dialog,"));
    }

    #[test]
    fn a_name_cannot_leave_its_quotes() {
        let mut film = film();
        film.sounds[0].name = "a\",URI=\"x\n#EXTM3U".into();
        assert!(film.render().contains("NAME=\"a,URI=x#EXTM3U\","));
    }
}
