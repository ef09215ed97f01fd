// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <kms-secretd/secret_bytes.hpp>

namespace kms_secretd::kube {

/// A kubeconfig that cannot be used: cannot start. what() is one sentence with file, line and
/// column where they are known, and never shows a key, a token or a certificate.
class KubeconfigError : public std::runtime_error {
 public:
  KubeconfigError(std::string file, std::string const& message, std::string remedy)
      : std::runtime_error(message + "; " + remedy),
        file_(std::move(file)),
        remedy_(std::move(remedy)) {}
  /// The file at fault: the kubeconfig, or one that it names.
  [[nodiscard]] std::string const& file() const noexcept { return file_; }
  /// What to do about it.
  [[nodiscard]] std::string const& remedy() const noexcept { return remedy_; }

 private:
  std::string file_;
  std::string remedy_;
};

/// Material that a kubeconfig holds itself (decoded) or names as a file. At most one of the two.
struct Material {
  std::string path{};  ///< absolute, or relative to the daemon's directory as the kubeconfig is
  sdk::SecretBytes text{};  ///< PEM or token

  [[nodiscard]] bool given() const noexcept { return !path.empty() || !text.empty(); }
};

/// One context of a kubeconfig, checked, everything that it leaves out being empty.
struct Kubeconfig {
  std::string file{};
  std::string context{};
  std::string server{};  ///< as written, for messages
  std::string host{};    ///< lower case, an IPv6 address without brackets
  std::uint16_t port = 443;
  bool plainHttp = false;        ///< only towards loopback
  std::string pathPrefix{};      ///< of the server's URL, without a slash at its end
  std::string tlsServerName{};   ///< to verify instead of `host`
  std::string proxy{};           ///< "http://host:port"
  std::string namespaceName{};   ///< of the context
  Material authority{};          ///< CA bundle, PEM; not given = the system's roots
  Material clientCertificate{};  ///< PEM
  Material clientKey{};          ///< PEM
  Material token{};              ///< a bearer token; a file wins over a text, as in client-go
};

/// Reads a kubeconfig and picks `context` (empty = the file's current-context). Does not read the
/// files that it names. Throws KubeconfigError. Any thread, as all functions here.
[[nodiscard]] Kubeconfig loadKubeconfig(std::string const& file, std::string const& context);

/// As loadKubeconfig, of a text that was read from `file` (which resolves relative paths and names
/// the place in errors).
[[nodiscard]] Kubeconfig parseKubeconfig(std::string_view text, std::string const& file,
                                         std::string const& context);

}  // namespace kms_secretd::kube
