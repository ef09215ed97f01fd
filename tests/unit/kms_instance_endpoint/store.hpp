// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/options.hpp>

#include "fakes/fake_host.hpp"
#include "kms-instance-endpoint/kms_instance_endpoint.hpp"

// A store of this backend on a FakeHost: what the tests of this room share.

namespace kms_secretd::kms_instance_endpoint {

inline constexpr char const* instanceHost = "kst-hzz0000000000test.cryptoservice.kms.aliyuncs.com";
inline constexpr char const* hostsDate = "Tue, 01 Sep 2026 08:00:00 GMT";  ///< as FakeHost's clock
inline constexpr char const* keyPassword = "Unit-Test*2026";

/// A SecretRef to a file of that name.
[[nodiscard]] sdk::OptionValue fileOption(std::string path);
/// Text as an option.
[[nodiscard]] sdk::OptionValue textOption(std::string text);
/// All options as the host hands them over, with a client key in files "key" and "password".
[[nodiscard]] sdk::Options storeOptions();

/// The same with a key in PEM, "KAAP.pem", in the file "pem".
[[nodiscard]] sdk::Options pemStoreOptions();

/// A length-delimited protobuf field.
[[nodiscard]] std::string textField(int number, std::string const& value);
/// A GetSecretValueResponse with version "v1" of a Generic "app/db" of value "value"; `more`
/// follows.
[[nodiscard]] std::string replyBody(std::string const& more = "");
/// An Error message.
[[nodiscard]] std::string errorBody(std::string const& code, std::string const& text);

/// A host with a usable client key and one store, made on first use.
class Store {
 public:
  fakes::FakeHost host{};
  sdk::Options options = storeOptions();

  Store();
  ~Store();
  Store(Store const&) = delete;
  Store& operator=(Store const&) = delete;
  /// The script of the instance.
  fakes::TransportScript& gateway() { return host.peer(instanceHost); }
  /// The store's backend.
  KmsInstanceEndpoint& backend();
  /// A request for "app/db" with a deadline an hour away.
  [[nodiscard]] sdk::FetchRequest request();
  /// Fetches with request().
  sdk::Result<sdk::FetchedSecret> fetch() { return fetch(request()); }
  sdk::Result<sdk::FetchedSecret> fetch(sdk::FetchRequest const& wanted);
  /// Scripts an error in the form of the instance.
  void refuse(int status, std::string const& code, std::string const& text = "text");
  /// Scripts replyBody().
  void succeed();
  /// The option at fault and the message of the refusal, or "(accepted)".
  [[nodiscard]] std::string refusal();
  /// Where a CA file lies that has the look of one.
  [[nodiscard]] std::string caFile() const { return directory_ + "/ca.pem"; }
  [[nodiscard]] std::string const& directory() const noexcept { return directory_; }

 private:
  std::string directory_;
  std::unique_ptr<KmsInstanceEndpoint> backend_;
};

/// True if anything of the client key, its password or a signature is in `text`.
[[nodiscard]] bool leaks(std::string const& text);

}  // namespace kms_secretd::kms_instance_endpoint
