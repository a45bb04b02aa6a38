//! What mutations of recordings answer.

use super::{Captions, Recording, Speaker, Upload, Watch};
use crate::graphql::payload::payload;

payload!(
    /// Answer of `recordingCreate`.
    RecordingCreatePayload {
        /// The recording as it stands now.
        recording: Recording,
    }
);
payload!(
    /// Answer of `recordingUpdate`.
    RecordingUpdatePayload {
        /// The recording as it stands now.
        recording: Recording,
    }
);
payload!(
    /// Answer of `recordingTextSet`.
    RecordingTextSetPayload {
        /// The recording as it stands now.
        recording: Recording,
    }
);
payload!(
    /// Answer of `recordingTextRemove`.
    RecordingTextRemovePayload {
        /// The recording as it stands now.
        recording: Recording,
    }
);
payload!(
    /// Answer of `recordingUploadStart`.
    RecordingUploadStartPayload {
        /// The recording as it stands now.
        recording: Recording,
        /// The upload as it stands now.
        upload: Upload,
    }
);
payload!(
    /// Answer of `recordingUploadComplete`.
    RecordingUploadCompletePayload {
        /// The recording as it stands now.
        recording: Recording,
        /// The upload as it stands now.
        upload: Upload,
    }
);
payload!(
    /// Answer of `recordingUploadAbort`.
    RecordingUploadAbortPayload {
        /// The recording as it stands now.
        recording: Recording,
        /// The upload as it stands now.
        upload: Upload,
    }
);
payload!(
    /// Answer of `captionsSet`.
    CaptionsSetPayload {
        /// As checked and rendered anew.
        captions: Captions,
    }
);
payload!(
    /// Answer of `captionsRemove`.
    CaptionsRemovePayload {
        /// The recording as it stands now.
        recording: Recording,
    }
);
payload!(
    /// Answer of `speakerAdd`.
    SpeakerAddPayload {
        /// The speaker as they stand now.
        speaker: Speaker,
    }
);
payload!(
    /// Answer of `speakerConsentRecord`.
    SpeakerConsentRecordPayload {
        /// The speaker as they stand now.
        speaker: Speaker,
    }
);
payload!(
    /// Answer of `speakerConsentWithdraw`.
    SpeakerConsentWithdrawPayload {
        /// The speaker as they stand now.
        speaker: Speaker,
    }
);
payload!(
    /// Answer of `speakerRemove`.
    SpeakerRemovePayload {
        /// The recording as it stands now.
        recording: Recording,
    }
);
payload!(
    /// Answer of `recordingPublish`.
    RecordingPublishPayload {
        /// The recording as it stands now.
        recording: Recording,
    }
);
payload!(
    /// Answer of `recordingUnpublish`.
    RecordingUnpublishPayload {
        /// The recording as it stands now.
        recording: Recording,
    }
);
payload!(
    /// Answer of `recordingArchive`.
    RecordingArchivePayload {
        /// The recording as it stands now.
        recording: Recording,
    }
);
payload!(
    /// Answer of `watchReport`.
    WatchReportPayload {
        /// What counts now.
        watch: Watch,
    }
);
