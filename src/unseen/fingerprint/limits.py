"""Limits of decoding, each with its reason. Words and limits of the domain are in `unseen.domain.limits`."""

PIXELS_MAX = 64_000_000  # a 30,000 x 30,000 PNG of 100 KB needs 3.6 GB; phones' largest pictures have 50 MP
STREAMED_PIXELS_MAX = (
    200_000_000  # a JPEG read row by row: 0.3 s and a few MiB; the largest sensors of phones have 200 MP
)
SIDE_PIXELS_MAX = 32_768  # JPEG allows 65,535; a strip of one row must stay small
PICTURE_SIZE_BYTES_MAX = 64 * 2**20  # read whole by the decoder, so it counts against the child's memory
VIDEO_SIZE_BYTES_MAX = 8 * 2**30  # read in pieces through the descriptor, never whole
VIDEO_PIXELS_MAX = 9_437_184  # 4096 x 2304: a decoder keeps up to 17 frames of 1.5 bytes a pixel
VIDEO_DURATION_S_MAX = 4 * 3600  # one sampled frame a second: 14,400 fingerprints are 1 MB of answer
VIDEO_FRAMES_DECODED_MAX = (
    4 * 3600 * 60
)  # four hours at 60 frames a second; a file that lies about time ends here
VIDEO_FRAMES_KEPT_MAX = 16_000  # four a second for an hour; a dense film that has more is thinned
VIDEO_CHANGES_A_SECOND_MAX = 4  # a strobe changes scene with every frame
KEYFRAME_GAP_S_MAX = (
    12.0  # players and sites set a keyframe every 2 to 10 s; x264's longest group is 250 frames
)
KEYFRAME_STEP_S_MIN = (
    2.5  # live streams have one every 2 s, editing formats nothing else; a dense bank needs no more
)
KEYFRAME_HELD_BYTES_MAX = 32 * 2**20  # 12 s at 20 Mbit a second
KEYFRAMES_MIN = 4  # a film of fewer is short: it is decoded whole
ANIMATION_FRAMES_MAX = 10_000  # an animated GIF of 10,000 frames is a bomb, not a picture
VIDEO_DAMAGED_PACKETS_MAX = 1_000  # a player would long have given up

ANSWER_SIZE_BYTES_MAX = 32 * 2**20  # 16,000 frames with 15 forms of about 120 bytes each
PICTURE_ANSWER_WITHIN_S = 20.0  # 64 MP of slow AVIF on a busy core takes about 8 s
VIDEO_ANSWER_WITHIN_S = 1800.0  # an hour of 1080p decodes at 5 to 7 times real time on one core
START_WITHIN_S = 20.0  # 0.4 s on a quiet machine; a loaded one may take far longer
CHILD_STARTS_MAX = 3  # one that is killed each time will be killed again
CHILD_RESIDENT_BYTES_MAX = (
    512 * 2**20
)  # 64 MP take 256 MB in Pillow; two children fit beside a server in 2 GB
# A fresh child after so many files, so that a leak or an intruder does not live on; starting one takes 0.35 s of a
# processor, as much as 100 photographs.
CHILD_FILES_MAX = 2_000
