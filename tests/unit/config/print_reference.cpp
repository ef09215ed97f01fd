// SPDX-License-Identifier: Apache-2.0
// config-reference OUTPUT PLUGIN.so...: writes docs/configuration.md from the declarations.
#include <exception>
#include <fstream>
#include <iostream>

#include "config/reference.hpp"

#include "plugin_catalog.hpp"

int main(int argc, char** argv) try {
  if (argc < 2) {
    std::cerr << "usage: config-reference OUTPUT PLUGIN.so...\n";
    return 2;
  }
  kms_secretd::config_test::PluginCatalog const catalog({argv + 2, argv + argc});
  std::ofstream output(argv[1], std::ios::binary);
  output << kms_secretd::config::referenceText(catalog.all());
  output.close();
  if (output) return 0;
  std::cerr << argv[1] << " cannot be written\n";
  return 1;
} catch (std::exception const& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
