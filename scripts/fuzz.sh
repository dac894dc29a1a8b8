#!/usr/bin/env bash
# Runs each fuzz target for FUZZ_SECONDS (default 60): native/fuzz/*.cpp with libFuzzer, ASan and UBSan (clang and its runtime
# libraries; first inputs in native/fuzz/seeds), tests/fuzz/fuzz_*.py as modules. What makes a target fail is kept in build/fuzz. Arguments: names of targets, or none for all.
# The first line of a native target names the files of native/src that it needs, then options: "// with: jpeg reducer -ljpeg".
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf 'fuzz: %s\n' "$*" >&2; }
seconds=${FUZZ_SECONDS:-60}
seed=${FUZZ_SEED:-0}  # 0: another one each time. `make check` has a fixed one, so that a change is judged by the same search
export PYTHONHASHSEED=$seed
out=build/fuzz
compiler=${FUZZ_CXX:-clang++}
checks=(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)

flags_of() {  # as in native/CMakeLists.txt
    case $1 in
        avx2) echo "-mavx2 -mpopcnt -msse4.2" ;;
        avx512) echo "-mavx512f -mavx512vl -mavx512vpopcntdq -mavx2 -mpopcnt -msse4.2" ;;
        pixels_avx2) echo "-mavx2 -mfma" ;;
        pixels_avx512) echo "-mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma" ;;
    esac
}

compile() {  # source, object, more options
    if [ ! "$2" -nt "$1" ] || [ -n "$(find native/src native/fuzz -newer "$2" -name '*.hpp' -print -quit)" ]; then
        # shellcheck disable=SC2086,SC2046
        "$compiler" -std=c++20 -O1 -g "${checks[@]}" $defines ${3:-} -c "$1" -o "$2"
    fi
}

native() {  # target
    local name objects=() options=() defines="" word
    name=$(basename "$1" .cpp)
    [ "$(uname -m)" = x86_64 ] && defines="-DUNSEEN_X86"
    for word in $(sed -n '1s#^// with: ##p' "$1"); do
        case $word in
            -*) options+=("$word") ;;
            *avx*) [ -n "$defines" ] && objects+=("$word") ;;
            *) objects+=("$word") ;;
        esac
    done
    case " ${options[*]-} " in *" -ljpeg "*) defines="$defines -DUNSEEN_JPEG" ;; esac
    mkdir -p "$out/$name.objects" "$out/$name.seeds"
    local files=()
    for word in "${objects[@]}"; do
        compile "native/src/$word.cpp" "$out/$name.objects/$word.o" "$(flags_of "$word")"
        files+=("$out/$name.objects/$word.o")
    done
    compile "$1" "$out/$name.objects/target.o" -fsanitize=fuzzer-no-link
    "$compiler" "${checks[@]}" -fsanitize=fuzzer "$out/$name.objects/target.o" "${files[@]}" "${options[@]}" -pthread -o "$out/$name"
    say "$name: $seconds s"
    [ -d "native/fuzz/seeds/$name" ] && cp native/fuzz/seeds/"$name"/* "$out/$name.seeds/"
    "$out/$name" -seed="$seed" -max_total_time="$seconds" -max_len=4096 -artifact_prefix="$out/$name-" -print_final_stats=1 "$out/$name.seeds" >"$out/$name.log" 2>&1 \
        || { tail -40 "$out/$name.log" >&2; say "$name failed; what made it fail is in $out"; return 1; }
    grep -E 'number_of_executed_units' "$out/$name.log" >&2
}

wanted() { [ "$#" = 1 ] || case " ${*:2} " in *" $1 "*) ;; *) return 1 ;; esac; }

mkdir -p "$out"
failed=0
if command -v "$compiler" >/dev/null; then
    for target in native/fuzz/*.cpp; do
        wanted "$(basename "$target" .cpp)" "$@" && { native "$target" || failed=1; }
    done
else
    say "no $compiler, so no native target. Cure: apt-get install clang libclang-rt-dev"
    failed=1
fi
for target in tests/fuzz/fuzz_*.py; do
    [ -e "$target" ] || continue
    name=$(basename "$target" .py)
    wanted "$name" "$@" || continue
    say "$name: $seconds s"
    .venv/bin/python -m "tests.fuzz.$name" -seed="$seed" -max_total_time="$seconds" >"$out/$name.log" 2>&1 \
        || { tail -40 "$out/$name.log" >&2; say "$name failed; see $out/$name.log"; failed=1; }
done
exit "$failed"
