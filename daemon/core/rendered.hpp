// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <kms-secretd/secret_bytes.hpp>

#include "core/record.hpp"

namespace kms_secretd::core {

/// One key of the Secret with its bytes.
struct RenderedKey {
  std::string key{};
  sdk::SecretBytes value{};
};

/// The whole data of a Secret, sorted by key, unique.
struct Rendered {
  std::vector<RenderedKey> keys{};
  std::vector<SourceVersion> versions{};  ///< which versions went in
  Digest digest{};                        ///< of keys, values, type, labels and annotations
  std::vector<AppliedKey> applied{};      ///< what to remember of the keys; set with the digest
  std::vector<std::string> notes{};       ///< what is good to know though all is well; no value

  /// The names of the keys, sorted.
  [[nodiscard]] std::vector<std::string> keyNames() const;
};

/// Why the values cannot become a Secret; the target stays untouched.
struct RenderFailure {
  std::string message{};  ///< what, which key and source, what to do; no value
};

using RenderResult = std::variant<Rendered, RenderFailure>;

}  // namespace kms_secretd::core
