// SPDX-License-Identifier: Apache-2.0
#include "config/value_declarations.hpp"

#include "config/declare.hpp"

namespace kms_secretd::config {

namespace {

using declare::choice;
using declare::nested;
using declare::optional;
using declare::required;
using sdk::OptionType;

constexpr char const* encodings[] = {"none", "base64", "base64url", "hex", nullptr};
constexpr char const* nestedForms[] = {"json", "yaml", nullptr};

constexpr auto decode =
    choice("decode", nullptr, encodings, "how the value is encoded where it comes from");
constexpr auto encode = choice("encode", nullptr, encodings, "how to encode the value in the key");
constexpr auto nestedForm =
    choice("nested", nullptr, nestedForms,
           "how objects and lists inside of the value are written: compact json, or yaml");
constexpr auto extendedConfig = optional(
    "extended_config", OptionType::boolean, "false",
    "read the managed secret's ExtendedConfig (JSON, such as its database instance) in place of "
    "its value");
constexpr auto templateOnly =
    optional("template_only", OptionType::boolean, "false",
             "only for templates and builders: makes no key of the Secret");

constexpr std::array jmesPath{
    required("path", OptionType::string, "JMESPath expression"),
    required("object_alias", OptionType::string, "key in the Kubernetes Secret"),
    optional("optional", OptionType::boolean, "false",
             "a path that selects nothing leaves the key out; otherwise nothing is written"),
    decode,
    encode,
    nestedForm};

constexpr std::array replaceRule{
    required("source", OptionType::string, "RE2 pattern"),
    required("target", OptionType::string,
             "what each match is replaced by; $1 and ${name} are groups, $$ is $")};

constexpr std::array data{
    required("source", OptionType::string, "name of the secret in the store"),
    optional("key", OptionType::string, nullptr,
             "key in the Kubernetes Secret; left out: the last segment of source"),
    optional("version_stage", OptionType::string, nullptr, "stage of the version to read"),
    optional("version_id", OptionType::string, nullptr,
             "read this one version for ever; not together with version_stage"),
    optional("store", OptionType::string, nullptr, "store to read this entry from"),
    extendedConfig,
    nested("jmes_path", OptionType::table_list, false, jmesPath,
           "keys cut out of a JSON or YAML value, instead of key"),
    decode,
    encode,
    nestedForm,
    templateOnly};

constexpr std::array extract{
    required("source", OptionType::string, "name of the secret in the store"),
    optional("version_stage", OptionType::string, nullptr, "stage of the version to read"),
    optional("version_id", OptionType::string, nullptr,
             "read this one version for ever; not together with version_stage"),
    optional("store", OptionType::string, nullptr, "store to read this entry from"),
    extendedConfig};

constexpr std::array dataProcess{
    nested("extract", OptionType::table, true, extract,
           "the JSON or YAML value of which every top-level member becomes a key"),
    optional("include", OptionType::list, nullptr,
             "RE2 patterns for whole names: only members that match one"),
    optional("exclude", OptionType::list, nullptr,
             "RE2 patterns for whole names: no members that match one"),
    optional("strip_prefix", OptionType::string, nullptr,
             "taken away from names that start with it"),
    nested("replace_rule", OptionType::table_list, false, replaceRule,
           "renames, in this order, each everywhere in a name; values are not touched"),
    optional("add_prefix", OptionType::string, nullptr, "put before every name"),
    decode,
    encode,
    nestedForm,
    templateOnly};

constexpr std::array templates{
    required("key", OptionType::string, "key in the Kubernetes Secret"),
    required("text", OptionType::string,
             "Mustache text; {{name}} is the value of that key, {{#b64}}, {{#json}} and {{#trim}} "
             "are helpers")};

constexpr std::array build{
    optional("registry", OptionType::string, nullptr,
             "host name of the registry; for kubernetes.io/dockerconfigjson"),
    optional("username", OptionType::string, nullptr,
             "name of the value that is the user; for dockerconfigjson and basic-auth"),
    optional("password", OptionType::string, nullptr,
             "name of the value that is the password; for dockerconfigjson and basic-auth"),
    optional("email", OptionType::string, nullptr,
             "name of the value that is the user's address; for dockerconfigjson"),
    optional("certificate", OptionType::string, nullptr,
             "name of the value with the certificate, its chain behind it; for tls"),
    optional("chain", OptionType::string, nullptr,
             "name of the value with the chain, where it is apart; for tls"),
    optional("private_key", OptionType::string, nullptr,
             "name of the value with the private key; for tls and ssh-auth")};

}  // namespace

Declarations dataOptions() noexcept { return data; }
Declarations dataProcessOptions() noexcept { return dataProcess; }
Declarations templateOptions() noexcept { return templates; }
Declarations buildOptions() noexcept { return build; }

}  // namespace kms_secretd::config
