// The module `unseen_native`: each part binds its own.
#include "module.hpp"

#include "kernels.hpp"

NB_MODULE(unseen_native, module) {
  module.attr("INTERFACE") = 4;
  module.def("kernels", [] { return unseen::kernels().name; });
  module.def("force", &unseen::force);
  unseen::add_search(module);
  unseen::add_fingerprint(module);
}
