#include "layout.hpp"

#include <cstring>
#include <stdexcept>

#include "checked.hpp"

namespace unseen {
namespace {

// Neighbouring bits of a PDQ fingerprint are neighbouring frequencies and lean together; spread over all substrings they
// fill the buckets evenly. The permutation is part of the format: Fisher-Yates with splitmix64 from seed 1.
constexpr std::array<uint8_t, 256> PLACES = [] {
  std::array<uint8_t, 256> places{};
  for (int at = 0; at < 256; ++at) places[at] = static_cast<uint8_t>(at);
  uint64_t state = 1;
  for (unsigned at = 255; at > 0; --at) {
    uint64_t mixed = (state += 0x9e3779b97f4a7c15);
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    const unsigned other = static_cast<unsigned>((mixed ^ (mixed >> 31)) % (at + 1));
    const uint8_t kept = places[at];
    places[at] = places[other];
    places[other] = kept;
  }
  return places;
}();

// Where the four bits of each nibble go, for each of its 16 values.
struct Nibbles {
  Bits of[64][16];
  Nibbles() {
    std::memset(of, 0, sizeof of);
    for (int nibble = 0; nibble < 64; ++nibble)
      for (int value = 0; value < 16; ++value)
        for (int bit = 0; bit < 4; ++bit)
          if (value >> bit & 1) {
            const int place = PLACES[4 * nibble + bit];
            of[nibble][value].words[place / 64] |= uint64_t{1} << (place % 64);
          }
  }
};
const Nibbles NIBBLES;

size_t up(size_t size, size_t to) { return (size + to - 1) / to * to; }

}  // namespace

Bits permuted(const uint8_t* row) {
  Bits bits{};
  for (int byte = 0; byte < 32; ++byte) {
    const Bits& low = NIBBLES.of[2 * byte][row[byte] & 15];
    const Bits& high = NIBBLES.of[2 * byte + 1][row[byte] >> 4];
    for (int word = 0; word < 4; ++word) bits.words[word] |= low.words[word] | high.words[word];
  }
  return bits;
}

Layout::Layout(uint64_t rows, int scheme, int bytes) : count(rows), entry_bytes(bytes) {
  const uint64_t most = bytes == 3 ? NARROW_ROWS_MAX : bytes == 4 || bytes == FAST_BYTES ? UINT32_MAX : 0;
  if ((scheme != 1 && scheme != 2) || rows > most || most == 0)
    throw std::invalid_argument("no such layout of an index");
  tables = scheme == 1 ? 16 : 12;
  unsigned start = 0;
  size = 0;
  for (int at = 0; at < tables; ++at) {
    const unsigned width = scheme == 1 ? 16 : at < 8 ? 22 : 20;
    table[at].start = start;
    table[at].width = width;
    start += width;
    table[at].offsets = size;
    size += up(4 * ((size_t{1} << width) + 1), LINE);
    table[at].entries = size;
    size += up(count * static_cast<size_t>(bytes), LINE);
  }
  size = up(size, BLOCK);
}

}  // namespace unseen
