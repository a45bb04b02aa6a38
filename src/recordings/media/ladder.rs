//! Which encodings are made of a recording: the picture once as good as the source up to 720 lines, once for weak links, and
//! the sound on its own, so that each is stored once and captions or interpretation can join later.

use super::probe::{Probe, Ratio};

/// How long a segment lasts, in seconds: long enough to be few, short enough to start and switch fast.
pub const SEGMENT_SECONDS: u32 = 4;
/// What the low picture and the sound need together at most, in bits a second.
pub const LOW_PEAK: u64 = 180_000;

const HIGH_LINES: u32 = 720;
const LOW_LINES: u32 = 240;
/// Faster pictures are thinned: 60 frames a second double the bits and nobody's lecture needs them.
const MOST_FRAMES: u32 = 30;

/// The encodings of one recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// The pictures, best first; none for a recording that is only heard.
    pub steps: Vec<Step>,
    /// Frames a second of all of them.
    pub frame_rate: Ratio,
    /// The channels of the sound, 1 or 2; none for a silent recording.
    pub channels: Option<u32>,
}

/// One encoding of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Width in pixels, even.
    pub width: u32,
    /// Height in pixels, even.
    pub height: u32,
    /// Quality aimed at (x264's constant rate factor; lower is better).
    pub quality: u32,
    /// The rate that it never exceeds, in bits a second.
    pub ceiling: u32,
    /// How many bits it may run ahead of the ceiling.
    pub buffer: u32,
}

impl Step {
    /// Its name in files and addresses, such as `720p`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}p", self.height)
    }
}

impl Ladder {
    /// The encodings for a file, never larger than the file itself.
    #[must_use]
    pub fn of(probe: &Probe) -> Self {
        let mut steps = Vec::new();
        if let Some(picture) = &probe.picture {
            let step = |lines: u32, quality, ceiling, buffer| {
                let (width, height) = fit(picture.width, picture.height, lines);
                Step { width, height, quality, ceiling, buffer }
            };
            if picture.height > LOW_LINES {
                steps.push(step(HIGH_LINES, 23, 2_000_000, 4_000_000));
            }
            // Video ceiling, stereo sound and the boxes around both stay below LOW_PEAK in any four seconds.
            steps.push(step(LOW_LINES, 26, 92_000, 92_000));
        }
        let frame_rate = probe.picture.as_ref().map_or(Ratio { over: 25, under: 1 }, |picture| thinned(picture.frame_rate));
        Self { steps, frame_rate, channels: probe.sound.as_ref().map(|sound| sound.channels.min(2)) }
    }

    /// Frames from one key frame to the next. Rounded up, because a group a little shorter than a segment would be joined with
    /// the one after it.
    #[must_use]
    pub fn group(&self) -> u32 {
        (SEGMENT_SECONDS * self.frame_rate.over).div_ceil(self.frame_rate.under)
    }

    /// Bits a second of the sound: speech is clear at these, music is bearable.
    #[must_use]
    pub fn sound_rate(&self) -> u32 {
        if self.channels == Some(1) { 48_000 } else { 64_000 }
    }
}

/// The size of a `width` × `height` picture in at most `lines` lines, even both ways as the encoder needs it.
fn fit(width: u32, height: u32, lines: u32) -> (u32, u32) {
    let even = |pixels: u64| u32::try_from(pixels / 2 * 2).unwrap_or(u32::MAX - 1).max(2);
    let lines = even(lines.min(height).into());
    let scaled = u64::from(width) * u64::from(lines) / u64::from(height);
    // Nothing sensible is wider than four times its height.
    (even(scaled).min(lines * 4), lines)
}

/// `rate`, or half of it, or 30: what stays even and at most 30. Rates that no camera has become 25.
fn thinned(rate: Ratio) -> Ratio {
    match rate.value() {
        ..1.0 => Ratio { over: 25, under: 1 },
        1.0..=30.0 if rate.over <= 1_000_000 => rate,
        30.0..=60.0 if rate.under <= 1_000_000 && rate.over <= 1_000_000 => Ratio { over: rate.over, under: rate.under * 2 },
        _ => Ratio { over: MOST_FRAMES, under: 1 },
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::probe::{Picture, Sound},
        *,
    };

    fn film(width: u32, height: u32, over: u32, under: u32) -> Ladder {
        let picture = Picture { codec: "h264".into(), width, height, frame_rate: Ratio { over, under } };
        let sound = Sound { codec: "aac".into(), channels: 6 };
        Ladder::of(&Probe { container: "mov".into(), duration: None, picture: Some(picture), sound: Some(sound) })
    }

    fn sizes(ladder: &Ladder) -> Vec<(u32, u32)> {
        ladder.steps.iter().map(|step| (step.width, step.height)).collect()
    }

    #[test]
    fn a_picture_is_never_enlarged() {
        assert_eq!(sizes(&film(1920, 1080, 25, 1)), [(1280, 720), (426, 240)]);
        assert_eq!(sizes(&film(854, 480, 25, 1)), [(854, 480), (426, 240)]);
        assert_eq!(sizes(&film(320, 240, 25, 1)), [(320, 240)]);
        assert_eq!(sizes(&film(161, 91, 25, 1)), [(158, 90)]);
        assert_eq!(sizes(&film(1, 1, 25, 1)), [(2, 2)]);
    }

    #[test]
    fn a_portrait_stays_upright() {
        assert_eq!(sizes(&film(1080, 1920, 30, 1)), [(404, 720), (134, 240)]);
    }

    #[test]
    fn a_group_of_pictures_fills_a_segment() {
        assert_eq!(film(640, 360, 25, 1).group(), 100);
        assert_eq!(film(640, 360, 30_000, 1001).group(), 120);
        assert_eq!(film(640, 360, 251, 10).group(), 101);
        assert_eq!(film(640, 360, 60, 1).group(), 120);
        assert_eq!(film(640, 360, 90_000, 1).group(), 120);
        assert_eq!(film(640, 360, 1, 7).group(), 100);
    }

    #[test]
    fn sound_is_heard_in_at_most_two_channels() {
        assert_eq!(film(640, 360, 25, 1).channels, Some(2));
    }
}
