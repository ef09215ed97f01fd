// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

namespace kms_secretd::platform {

/// Where systemd looks for what belongs to a unit.
struct UnitPlaces {
  std::vector<std::string> unitDirectories{"/usr/lib/systemd/system", "/lib/systemd/system",
                                           "/usr/local/lib/systemd/system", "/run/systemd/system",
                                           "/etc/systemd/system"};
  std::vector<std::string> credentialStores{"/etc/credstore",     "/etc/credstore.encrypted",
                                            "/run/credstore",     "/run/credstore.encrypted",
                                            "/usr/lib/credstore", "/usr/lib/credstore.encrypted"};
};

/// The files that the credentials of `unit` are loaded from, by name, as LoadCredential= and
/// LoadCredentialEncrypted= of the unit and its drop-ins say (systemd.exec(5)); a relative path is
/// looked for in the credential stores. What cannot be read is left out. Any thread.
[[nodiscard]] std::map<std::string, std::string> credentialSources(std::string const& unit,
                                                                   UnitPlaces const& places);

/// The unit that this process runs in, of the text of /proc/self/cgroup; empty where it is none.
[[nodiscard]] std::string unitOf(std::string const& cgroups);

/// The names of those credentials in `directory` (CREDENTIALS_DIRECTORY) whose source was written
/// after systemd loaded them: systemd loads them only at the start of the unit. Sorted.
[[nodiscard]] std::vector<std::string> outdatedCredentials(
    std::string const& directory, std::map<std::string, std::string> const& sources);

}  // namespace kms_secretd::platform
