// The parts of the module, each in its own file.
#pragma once
#include <nanobind/nanobind.h>

namespace unseen {

void add_fingerprint(nanobind::module_& module);
void add_search(nanobind::module_& module);

}  // namespace unseen
