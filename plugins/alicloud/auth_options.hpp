// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <kms-secretd/host.hpp>
#include <kms-secretd/options.hpp>

#include "alicloud/credential_provider.hpp"

namespace kms_secretd::alicloud {

inline constexpr char const* authTypes[] = {"access_key", "sts", nullptr};

/// The members of the `auth` table of every Alibaba backend.
inline constexpr sdk::OptionDeclaration authMembers[] = {
    {"type", sdk::OptionType::enumeration, true, nullptr,
     "How the store proves who it is: a long-lived access key, or an STS triple that somebody else "
     "keeps fresh. There is no fallback to another identity.",
     authTypes, nullptr, 0},
    {"id", sdk::OptionType::secret, true, nullptr, "The access key id.", nullptr, nullptr, 0},
    {"secret", sdk::OptionType::secret, true, nullptr, "The access key secret.", nullptr, nullptr,
     0},
    {"token", sdk::OptionType::secret, false, nullptr,
     "The security token; required for type \"sts\", refused for type \"access_key\".", nullptr,
     nullptr, 0},
};

/// Makes the provider that an `auth` table asks for. Opens secret sources but reads none. `host`
/// outlives the provider. Throws sdk::OptionError with paths such as "auth.token".
[[nodiscard]] std::unique_ptr<CredentialProvider> makeCredentialProvider(sdk::Options const& auth,
                                                                         sdk::Host& host);

}  // namespace kms_secretd::alicloud
