// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "emulator/faults/fault_book.hpp"
#include "emulator/guarded.hpp"
#include "emulator/instance/client_keys.hpp"
#include "emulator/kms/keyring.hpp"
#include "emulator/kms/secret_store.hpp"
#include "emulator/metadata/metadata.hpp"
#include "emulator/request_log.hpp"
#include "emulator/server_clock.hpp"
#include "emulator/settings.hpp"
#include "emulator/sts/role_book.hpp"

namespace kms_secretd::emulator {

/// Everything that the emulated services share. Any thread; no two locks are ever held at once.
struct World {
  ServerClock clock;
  Guarded<Settings> settings;
  Guarded<Keyring> keyring;
  Guarded<ClientKeys> clientKeys;
  Guarded<SecretStore> secrets;
  Guarded<RoleBook> roles;
  Guarded<MetadataState> metadata;
  Guarded<FaultBook> faults;
  Guarded<RequestLog> log;
};

}  // namespace kms_secretd::emulator
