// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/definition.hpp"
#include "core/rendered.hpp"
#include "transform/template_text.hpp"

/// The keys that Kubernetes' own types of Secrets demand, put together and checked. Pure.
namespace kms_secretd::transform {

/// What a builder made.
struct Built {
  std::vector<core::RenderedKey> keys{};
  std::vector<std::string> notes{};  ///< such as the end of a certificate
};

/// Builds the keys for the type of the definition from its [[secret.build]] and named values:
/// - kubernetes.io/dockerconfigjson: one entry for each registry;
/// - kubernetes.io/tls: the key must belong to the certificate, each certificate must be issued by
///   the one behind it;
/// - kubernetes.io/basic-auth, kubernetes.io/ssh-auth: the values as they are.
/// Says what does not fit; no value is ever repeated.
[[nodiscard]] std::variant<Built, core::RenderFailure> build(
    core::TargetDefinition const& definition, TemplateValues const& values);

/// What is wrong with the keys of a Secret for its type: one that is missing, or a docker
/// configuration that is no JSON object; empty if nothing.
[[nodiscard]] std::string typeFault(core::TargetDefinition const& definition,
                                    std::vector<core::RenderedKey> const& keys);

}  // namespace kms_secretd::transform
