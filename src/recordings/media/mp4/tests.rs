//! Reading boxes of MP4, whole and broken.
//!
//! Results are unwrapped: a panic is how a test fails, and it names the line (`clippy.toml` allows that in tests only).

use proptest::prelude::*;

use super::*;

fn part(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap();
    [&size.to_be_bytes()[..], &kind, content].concat()
}

fn header(seconds: u32) -> Vec<u8> {
    let mut content = vec![0; 100];
    content[12..16].copy_from_slice(&1000_u32.to_be_bytes());
    content[16..20].copy_from_slice(&(seconds * 1000).to_be_bytes());
    part(*b"mvhd", &content)
}

fn track(kind: [u8; 4], entry: &[u8]) -> Vec<u8> {
    let handler = part(*b"hdlr", &[&[0; 8], &kind[..], &[0; 12]].concat());
    let table = part(*b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1], entry].concat());
    let inside = [handler, part(*b"minf", &part(*b"stbl", &table))].concat();
    part(*b"trak", &part(*b"mdia", &inside))
}

fn picture(profile: u8) -> Vec<u8> {
    let mut fixed = vec![0; 78];
    fixed[24..28].copy_from_slice(&[5, 0, 2, 208]);
    track(*b"vide", &part(*b"avc1", &[fixed, part(*b"avcC", &[1, profile, 0x40, 31])].concat()))
}

fn sound(object: u8) -> Vec<u8> {
    let mut fixed = vec![0; 28];
    fixed[17] = 2;
    let config = [&[4, 17, 0x40][..], &[0; 12], &[5, 2, object << 3, 0x10]].concat();
    let stream = [&[0, 0, 0, 0, 3, 22, 0, 1, 0][..], &config].concat();
    track(*b"soun", &part(*b"mp4a", &[fixed, part(*b"esds", &stream)].concat()))
}

fn file(moov: &[Vec<u8>]) -> Bytes {
    [part(*b"ftyp", b"isom\0\0\0\0"), part(*b"mdat", &[7; 5000]), part(*b"moov", &moov.concat())].concat().into()
}

async fn refusal(bytes: Bytes) -> Refusal {
    match read(&bytes).await {
        Err(Fault::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_common_film_is_playable() {
    let movie = read(&file(&[header(90), picture(100), sound(2)])).await.unwrap();
    assert_eq!(movie.duration, Duration::from_secs(90));
    let names: Vec<_> = movie.tracks.iter().filter_map(Track::codec_name).collect();
    assert_eq!(names, ["avc1.64401F", "mp4a.40.2"]);
    assert!(movie.browser_playable());
    assert!(matches!(movie.tracks[0], Track::Picture { width: 1280, height: 720, .. }));
}

#[tokio::test]
async fn ten_bit_pictures_other_codecs_and_fragments_are_not_playable() {
    for moov in [vec![header(9), picture(110)], vec![header(9), sound(1)], vec![header(9)], vec![header(0), sound(2)]] {
        assert!(!read(&file(&moov)).await.unwrap().browser_playable());
    }
    let fragmented = file(&[header(9), picture(77), part(*b"mvex", &[])]);
    assert!(!read(&fragmented).await.unwrap().browser_playable());
}

#[tokio::test]
async fn what_is_cut_off_or_no_film_is_refused() {
    let whole = file(&[header(90), picture(100)]);
    assert_eq!(refusal(whole.slice(..whole.len() - 1)).await, Refusal::Truncated);
    assert_eq!(refusal(whole.slice(..3000)).await, Refusal::Truncated);
    assert_eq!(refusal(part(*b"ftyp", b"isom").into()).await, Refusal::Truncated);
    assert_eq!(refusal(Bytes::new()).await, Refusal::Empty);
    assert_eq!(refusal(Bytes::from_static(b"#EXTM3U\n")).await, Refusal::NotMedia);
    assert_eq!(refusal(Bytes::from_static(b"ab")).await, Refusal::NotMedia);
}

#[tokio::test]
async fn a_box_larger_than_the_one_around_it_is_refused() {
    let mut bytes = file(&[header(90), picture(100)]).to_vec();
    let at = bytes.windows(4).position(|four| four == b"stsd").unwrap();
    bytes[at - 4..at].copy_from_slice(&0x7FFF_FFFF_u32.to_be_bytes());
    assert_eq!(refusal(bytes.into()).await, Refusal::NotMedia);
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(cut in 0..700_usize, at in 0..700_usize, with in any::<u64>()) {
        let mut bytes = file(&[header(90), picture(100), sound(2)]).to_vec();
        bytes.drain(16..5000);
        let at = at.min(bytes.len() - 8);
        bytes[at..at + 8].copy_from_slice(&with.to_be_bytes());
        bytes.truncate(bytes.len().saturating_sub(cut % 64));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let _ = runtime.block_on(read(&Bytes::from(bytes)));
    }
}
