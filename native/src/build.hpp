#pragma once
#include <cstdint>

#include "layout.hpp"

namespace unseen {

// Fill `body` (layout.size bytes, zeroed) from the rows.
void build(const Layout& layout, const uint8_t* rows, uint8_t* body);

}  // namespace unseen
