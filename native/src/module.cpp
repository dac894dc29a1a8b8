// The module `unseen_native`: each part binds its own.
#include <nanobind/nanobind.h>

#include "bind_search.hpp"
#include "kernels.hpp"

NB_MODULE(unseen_native, module) {
  module.attr("INTERFACE") = 2;
  module.def("kernels", [] { return unseen::kernels().name; });
  module.def("force", &unseen::force);
  bind_search(module);
}
