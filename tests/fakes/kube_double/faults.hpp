// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace kms_secretd::fakes::kube {

/// One thing that goes wrong with requests that match.
struct Fault {
  enum class Kind {
    status,    ///< answers `status` instead
    reset,     ///< closes the connection without an answer
    garbage,   ///< answers 200 with something that is no JSON
    truncate,  ///< sends half of the answer and closes
    delay,     ///< answers after `delay`
    hang,      ///< never answers; ends when the server stops or the client goes
  };
  Kind kind = Kind::status;
  std::string method{};        ///< empty: any
  std::string pathContains{};  ///< empty: any
  int skip = 0;                ///< so many matching requests pass first
  int times = 1;               ///< then so many are hit; negative: all
  int status = 500;
  int retryAfterSeconds = 0;
  std::chrono::milliseconds delay{0};
  bool afterwards = false;  ///< the request is carried out first, only its answer suffers
};

/// The faults that are set. Thread-safe.
class Faults {
 public:
  void add(Fault fault);
  void clear();
  /// The fault that hits this request, if any; counts it.
  [[nodiscard]] std::optional<Fault> hit(std::string const& method, std::string const& path);

  /// The kind of that name ("status", "reset", ...), or nothing.
  [[nodiscard]] static std::optional<Fault::Kind> kindNamed(std::string const& name);

 private:
  std::mutex mutex_;
  std::vector<Fault> faults_;
};

}  // namespace kms_secretd::fakes::kube
