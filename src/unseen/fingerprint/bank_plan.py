"""The edited forms that a bank keeps of every picture, in the words of `unseen.domain.fingerprint.VARIANT_NAME`.

`COPIES` were chosen by `benchmarks.robustness.choose`: from 2,300 candidates always the one that finds most further edited
copies of 100 tuning pictures by one plain PDQ each, until the next one found less than one copy in 6,000 (`choices.json`). `REGIONS` are
parts that a query compares with its own parts, where a sticker or another picture covers the rest.
"""

# fmt: off
_COPIES = (
    "mirror flip turn:180 crop:25-25-25-25 border:black-square turn:90 turn:270 rotate:3 rotate:8 "
    "border:black-0-12.5-0-12.5 rotate:-8 rotate:-3.5 border:grey-10-10-10-10 border:grey-25-25-25-25 "
    "border:black-15.5-0-15.5-0 border:grey-5-5-5-5 crop:2-2-2-2 mirror+border:black-5-5-5-5 "
    "mirror+border:grey-10-10-10-10 crop:4-2-2-4 crop:2-4-4-2 rotate:5 border:white-5-5-5-5 "
    "border:black-9.5-0-9.5-0 mirror+border:black-25-25-25-25 rotate:-5 border:black-0-17-0-17 crop:0-0-4-4 "
    "crop:4-4-2-2 border:white-0-18-0-0 mirror+border:white-5-5-5-5 mirror+border:white-10-10-10-10 "
    "border:white-10-10-10-10 crop:0-2-4-2 border:white-0-0-0-18 mirror+border:white-25-25-25-25 "
    "border:white-0-22.5-0-0 crop:0-0-20-0 crop:2-0-2-4 crop:0-0-0-10 crop:16-0-0-0 crop:0-0-0-28 "
    "crop:0-12-0-0 crop:1.9-5.6-5.6-1.9 crop:0-0-14-0 mirror+crop:4-2-6-8 crop:4-4-6-6 mirror+crop:2-8-8-2 "
    "crop:5.6-5.6-1.9-1.9 crop:26-0-0-0 border:black-0-8-0-8 mirror+crop:6-8-4-2 crop:0-0-0-22 "
    "border:white-25-25-25-25 mirror+crop:2-4-8-6 mirror+crop:6-4-4-6 crop:0-6.5-0-0 rotate:9 rotate:-1.5 "
    "crop:0-0-10-0 crop:0-0-0-18 crop:6-2-4-8 crop:8-0-0-0 crop:2-2-8-8 crop:0-20-0-0 crop:2-8-8-2 "
    "crop:22-0-0-0 rotate:-9 crop:2-6-8-4 crop:4-0-0-4 crop:0-26-0-0 mirror+crop:6-6-4-4 crop:6-8-4-2 "
    "mirror+crop:4-4-6-6 crop:5.6-3.7-1.9-3.7 border:white-0-14-0-0 mirror+crop:10-6-0-4 "
    "mirror+crop:6-2-4-8 border:white-0-30-0-0 mirror+crop:2-6-8-4 mirror+crop:8-4-2-6 crop:12-0-0-0 "
    "crop:0-0-0-14 crop:0.8-0.8-0.8-0.8 crop:3.7-5.6-3.7-1.9 crop:0-0-24-0 crop:8-2-2-8 crop:2-4-8-6 "
    "crop:8-8-2-2 crop:4-2-6-8 mirror+crop:8-2-2-8 mirror+crop:8-8-2-2 mirror+crop:4-6-6-4 crop:2-2-10-10 "
    "mirror+crop:2-2-8-8 crop:4-8-6-2 crop:8-6-2-4 mirror+crop:6-10-6-2 crop:0-0-6.5-0 mirror+crop:6-0-4-10 "
    "crop:8-0-2-10 crop:5-5-5-5 crop:0-0-28-0 border:white-0-0-0-22.5 mirror+crop:0-6-10-4 crop:0-0-0-6.5 "
    "crop:8-4-2-6 crop:0-0-18-0 border:black-18.5-0-18.5-0 mirror+crop:8-10-2-0 crop:4-0-6-10 "
    "crop:1.7-1.7-3.3-3.3 rotate:6 border:white-0-25-0-0 border:white-0-0-0-27.5 mirror+crop:2-0-8-10 "
    "mirror+crop:4-8-6-2 mirror+crop:8-6-2-4 mirror+crop:10-8-0-2 mirror+crop:2-4-10-8 crop:0-6-10-4 "
    "crop:5-0-0-0 crop:0-16-0-0 crop:18-0-0-0 crop:0-22-0-0 crop:0-28-0-0 mirror+crop:0-8-10-2 "
    "mirror+crop:4-0-6-10 crop:6-0-4-10 crop:10-4-0-6 crop:2-4-2-0 crop:8-10-2-0 crop:2-4-10-8 "
    "crop:0-0-0-24 crop:28-0-0-0 border:white-0-0-0-14 border:white-0-16-0-0 border:white-0-20-0-0 "
    "mirror+crop:10-8-2-4 crop:6-4-4-6 crop:0-8-10-2 rotate:-6 crop:0-4-6-2 crop:6-6-4-4 "
    "mirror+crop:10-2-0-8 mirror+crop:10-4-0-6 mirror+crop:2-10-10-2 crop:10-6-0-4 crop:1.7-5-3.3-0 "
    "crop:0-2-6-4 crop:2-10-8-0 crop:2.5-17.5-17.5-2.5 crop:12.5-15-7.5-5 rotate:1 crop:0-10-0-0 "
    "mirror+crop:5-5-5-5 mirror+crop:2-2-10-10 mirror+crop:4-10-8-2 crop:10-8-0-2 crop:10-10-10-10 "
    "crop:12.5-17.5-7.5-2.5 crop:5.6-0-1.9-7.5 crop:10-2-2-10 crop:6.8-11.3-11.3-6.8 crop:9-2.3-9-15.8 "
    "crop:12.5-10-7.5-10 crop:17.5-10-2.5-10 border:white-0-0-0-16 border:white-0-45-0-0 "
    "mirror+crop:6-10-4-0 mirror+crop:2-8-10-4 mirror+border:black-10-10-10-10 crop:2.5-2.5-0-0 "
    "crop:4-10-6-0 crop:12.5-5-7.5-15 crop:15-5-5-15 crop:0-0-0-2 crop:0-0-6-6 crop:6-10-4-0 crop:2-8-10-4"
)
_REGIONS = (
    "crop:0-0-50-0 crop:25-0-25-0 crop:50-0-0-0 crop:0-0-0-50 crop:0-25-0-25 crop:0-50-0-0 "
    "crop:0-0-50-50 crop:25-0-25-50 crop:50-0-0-50 crop:0-25-50-25 crop:50-25-0-25 crop:0-50-50-0 "
    "crop:25-50-25-0 crop:50-50-0-0 crop:0-0-33.3-33.3 crop:33.3-0-0-33.3 crop:0-33.3-33.3-0 "
    "crop:33.3-33.3-0-0 crop:0-0-25-25 crop:25-0-0-25 crop:0-25-25-0 crop:25-25-0-0 crop:0-0-66.7-0 "
    "crop:33.3-0-33.3-0 crop:66.7-0-0-0 crop:0-0-0-66.7 crop:0-33.3-0-33.3 crop:0-66.7-0-0 "
    "crop:0-0-33.3-0 crop:33.3-0-0-0 crop:0-0-0-33.3 crop:0-33.3-0-0"
)
# fmt: on
COPIES = tuple(_COPIES.split())
REGIONS = tuple(_REGIONS.split())
PLAN = (*COPIES, *REGIONS)
