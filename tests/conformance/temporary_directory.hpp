// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace kms_secretd::conformance {

/// A directory of its own for one test, removed with all it holds. Mode 0755, as plugin directories
/// have.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(TemporaryDirectory const&) = delete;
  TemporaryDirectory& operator=(TemporaryDirectory const&) = delete;

  [[nodiscard]] std::string const& path() const noexcept { return path_; }
  /// The path of `name` in it.
  [[nodiscard]] std::string at(std::string const& name) const { return path_ + "/" + name; }
  /// Writes a file of mode 0644 at once: whoever reads sees the old file or the new one.
  void write(std::string const& name, std::string_view bytes) const;
  /// Copies `source` here as `name`, mode 0755 whatever the umask was when it was built.
  void copyPlugin(std::string const& source, std::string const& name) const;

 private:
  std::string path_;
};

/// All bytes of a file; a bug of the test if it cannot be read.
[[nodiscard]] std::string bytesOf(std::string const& path);

}  // namespace kms_secretd::conformance
