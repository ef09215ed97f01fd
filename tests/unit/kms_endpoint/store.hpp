// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <kms-secretd/backend.hpp>
#include <kms-secretd/options.hpp>

#include "alicloud/v3_signing.hpp"
#include "fakes/fake_host.hpp"
#include "kms-endpoint/kms_endpoint.hpp"

// A store of this backend on a FakeHost: what the tests of this room share.

namespace kms_secretd::kms_endpoint {

inline constexpr char const* canaryId = "STS.CANARYID0001";
inline constexpr char const* canarySecret = "CANARYSECRET/+=0001";
inline constexpr char const* canaryToken = "CANARYTOKEN/with+plus==end";
inline constexpr char const* vpcHost = "kms-vpc.cn-hangzhou.aliyuncs.com";
inline constexpr char const* hostsDate = "Tue, 01 Sep 2026 08:00:00 GMT";  ///< as FakeHost's clock

/// A SecretRef to a file of that name.
[[nodiscard]] sdk::OptionValue fileOption(std::string path);
/// Text as an option.
[[nodiscard]] sdk::OptionValue textOption(std::string text);
/// The `auth` table of an STS triple in files "id", "secret", "token".
[[nodiscard]] sdk::Options stsOptions();
/// The `auth` table of an access key in files "id", "secret".
[[nodiscard]] sdk::Options accessKeyOptions();
/// All options as the host hands them over: region cn-hangzhou, defaults filled in.
[[nodiscard]] sdk::Options storeOptions(sdk::Options auth);

/// A host with usable credentials and one store, made on first use.
class Store {
 public:
  fakes::FakeHost host{};
  sdk::Options options = storeOptions(stsOptions());

  Store();
  /// The script of the store's gateway.
  fakes::TransportScript& gateway() { return host.peer(vpcHost); }
  /// A request for "app/db" with a deadline an hour away.
  [[nodiscard]] sdk::FetchRequest request();
  /// Fetches with request().
  sdk::Result<sdk::FetchedSecret> fetch() { return fetch(request()); }
  sdk::Result<sdk::FetchedSecret> fetch(sdk::FetchRequest const& wanted);
  /// Scripts an error in the form of the service.
  void refuse(int status, std::string const& code, std::string const& message = "text");
  /// Scripts a reply holding version "v1" of a Generic "app/db" with value "value".
  void succeed();

 private:
  std::unique_ptr<KmsEndpoint> backend_;
};

/// The body of a GetSecretValue reply; `more` is appended as further members, starting with a
/// comma.
[[nodiscard]] std::string replyBody(std::string const& more = "");

/// What a server signs when it checks a request that arrived with this Host field.
[[nodiscard]] alicloud::Canonical canonicalOf(fakes::SentRequest const& sent,
                                              std::string const& authority);

/// True if any credential, in plain or percent-encoded form, or a signature is in `text`.
[[nodiscard]] bool leaks(std::string const& text);

}  // namespace kms_secretd::kms_endpoint
