// SPDX-License-Identifier: Apache-2.0
#include "alicloud/profile_file.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "alicloud/auth_values.hpp"
#include "alicloud/credential_reply.hpp"
#include "alicloud/profile_members.hpp"
#include "alicloud/redaction.hpp"

namespace kms_secretd::alicloud {
namespace {

using Kind = ProfileLogin::Kind;

constexpr std::size_t longestChain = 5;

// Thrown by the readers below, caught in readProfile().
class BrokenProfile : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// How the two formats spell one thing.
struct Spelling {
  std::string_view json;
  std::string_view ini;
};
constexpr Spelling type{"mode", "type"};
constexpr Spelling id{"access_key_id", "access_key_id"};
constexpr Spelling secret{"access_key_secret", "access_key_secret"};
constexpr Spelling token{"sts_token", "sts_token"};
constexpr Spelling roleArn{"ram_role_arn", "role_arn"};
constexpr Spelling sessionName{"ram_session_name", "role_session_name"};
constexpr Spelling duration{"expired_seconds", "session_duration"};
constexpr Spelling policy{"policy", "policy"};
constexpr Spelling externalId{"external_id", "external_id"};
constexpr Spelling roleName{"ram_role_name", "role_name"};
constexpr Spelling providerArn{"oidc_provider_arn", "oidc_provider_arn"};
constexpr Spelling tokenFile{"oidc_token_file", "oidc_token_file_path"};
constexpr Spelling uri{"credentials_uri", "credentials_uri"};

// One profile, whichever format it came in.
class Reader {
 public:
  Reader(ProfileSet const& set, std::string_view name, RoleSession const& defaults)
      : set_(set), name_(name), defaults_(defaults) {
    auto const at = set.profiles.find(name);
    if (at == set.profiles.end()) throw BrokenProfile("it holds no profile " + shown(name));
    members_ = &at->second;
  }

  [[nodiscard]] std::string text(Spelling const& spelling) const {
    auto const at = members_->find(set_.isJson ? spelling.json : spelling.ini);
    return at == members_->end() ? std::string() : std::string(at->second.reveal());
  }
  [[nodiscard]] std::string required(Spelling const& spelling) const {
    auto found = text(spelling);
    if (!found.empty()) return found;
    broken("has no " + std::string(set_.isJson ? spelling.json : spelling.ini));
  }
  [[noreturn]] void broken(std::string const& what) const {
    throw BrokenProfile("its profile " + shown(name_) + ' ' + what);
  }
  [[nodiscard]] static std::string shown(std::string_view name) {
    return '"' + presentable(name, {}) + '"';
  }

  [[nodiscard]] CredentialPtr keys(bool withToken) const {
    sdk::SecretBytes parts[3];
    for (auto const* part : {&id, &secret, &token}) {
      if (part == &token && !withToken) continue;
      auto const at = members_->find(part->json);
      auto const* fault = faultOfPart(at == members_->end() ? "" : at->second.reveal());
      if (fault != nullptr) broken("is unusable: its " + std::string(part->json) + ' ' + fault);
      parts[part == &id ? 0 : part == &secret ? 1 : 2] = at->second.clone();
    }
    return std::make_shared<Credential const>(std::string(parts[0].reveal()), std::move(parts[1]),
                                              std::move(parts[2]));
  }

  [[nodiscard]] RoleSession role() const {
    auto session = defaults_;
    session.roleArn = required(roleArn);
    if (auto const name = text(sessionName); !name.empty()) session.name = name;
    if (auto const seconds = text(duration); !seconds.empty()) session.duration = parse(seconds);
    session.policy = text(policy);
    session.externalId = text(externalId);
    if (auto const fault = faultOf(session)) broken("is unusable: " + fault->what);
    return session;
  }

  [[nodiscard]] std::string sourceProfile() const {
    auto const at = members_->find("source_profile");
    if (at == members_->end() || at->second.empty()) broken("has no source_profile");
    return std::string(at->second.reveal());
  }

  void readSts(ProfileLogin& login) const {
    auto const at = members_->find("sts_region");
    if (!set_.isJson || at == members_->end() || at->second.empty()) return;
    login.stsRegion = std::string(at->second.reveal());
    if (!isRegion(login.stsRegion)) broken("has an sts_region that is not like \"cn-hangzhou\"");
    auto const vpc = members_->find("enable_vpc");
    login.stsVpc = vpc != members_->end() && vpc->second.reveal() == "true";
  }

 private:
  [[nodiscard]] sdk::Milliseconds parse(std::string const& seconds) const {
    std::int64_t number = 0;
    auto const [end, error] =
        std::from_chars(seconds.data(), seconds.data() + seconds.size(), number);
    bool const whole = error == std::errc{} && end == seconds.data() + seconds.size();
    if (!whole || number < 0 || number > 1'000'000) broken("has a session time that is no number");
    // The CLI writes 0 for "as usual".
    return number == 0 ? defaults_.duration : sdk::Milliseconds(number * 1000);
  }

  ProfileSet const& set_;
  std::string name_;
  RoleSession const& defaults_;
  ProfileMembers const* members_ = nullptr;
};

void readOidc(Reader const& reader, ProfileLogin& login) {
  login.kind = Kind::oidc;
  login.providerArn = reader.required(providerArn);
  login.tokenFile = reader.required(tokenFile);
  login.session = reader.role();
}

void readKeysAndRole(Reader const& reader, ProfileLogin& login) {
  login.keys = reader.keys(!reader.text(token).empty());
  login.roles.push_back(reader.role());
}

void readEcsRole(Reader const& reader, ProfileLogin& login) {
  login.kind = Kind::ecs_role;
  login.roleName = reader.text(roleName);
}

void readEcsRoleAndRole(Reader const& reader, ProfileLogin& login) {
  readEcsRole(reader, login);
  login.roles.push_back(reader.role());
}

void readUri(Reader const& reader, ProfileLogin& login) {
  login.kind = Kind::uri;
  login.uri = reader.required(uri);
}

struct Mode {
  std::string_view json;
  std::string_view ini;
  void (*read)(Reader const& reader, ProfileLogin& login);
};
constexpr Mode modes[] = {
    {"AK", "access_key", [](auto const& reader, auto& login) { login.keys = reader.keys(false); }},
    {"StsToken", "sts", [](auto const& reader, auto& login) { login.keys = reader.keys(true); }},
    {"RamRoleArn", "ram_role_arn", readKeysAndRole},
    {"EcsRamRole", "ecs_ram_role", readEcsRole},
    {"RamRoleArnWithRoleName", "", readEcsRoleAndRole},
    {"OIDC", "oidc_role_arn", readOidc},
    {"CredentialsURI", "credentials_uri", readUri},
};

ProfileLogin follow(ProfileSet const& set, std::string name, RoleSession const& defaults) {
  std::vector<RoleSession> outer;  // the last to assume first
  while (outer.size() < longestChain) {
    Reader const reader(set, name, defaults);
    auto const mode = reader.required(type);
    if (set.isJson && mode == "ChainableRamRoleArn") {
      outer.push_back(reader.role());
      name = reader.sourceProfile();
      continue;
    }
    auto const* found = std::find_if(std::begin(modes), std::end(modes), [&](Mode const& each) {
      return mode == (set.isJson ? each.json : each.ini);
    });
    if (found == std::end(modes)) {
      reader.broken("logs in as " + Reader::shown(mode) + ", which kms-secretd does not do");
    }
    ProfileLogin login;
    found->read(reader, login);
    reader.readSts(login);
    std::move(outer.rbegin(), outer.rend(), std::back_inserter(login.roles));
    return login;
  }
  throw BrokenProfile("its profiles name each other as source_profile without an end");
}

}  // namespace

sdk::Result<ProfileLogin> readProfile(sdk::SecretBytes const& file, std::string_view name,
                                      RoleSession const& defaults) {
  auto const set = splitProfiles(file.reveal());
  if (!set) return set.failure();
  auto const wanted = name.empty() ? std::string_view(set.value().current) : name;
  try {
    if (wanted.empty()) throw BrokenProfile("it names no current profile; name it by auth.profile");
    return follow(set.value(), std::string(wanted), defaults);
  } catch (BrokenProfile const& error) {
    return sdk::Failure{.kind = sdk::FailureKind::unauthenticated, .message = error.what()};
  }
}

}  // namespace kms_secretd::alicloud
