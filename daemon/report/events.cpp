// SPDX-License-Identifier: Apache-2.0
#include "report/events.hpp"

#include <array>
#include <cassert>

namespace kms_secretd::report {
namespace {

constexpr std::array catalogue{
    EventRow{EventId::started, "STARTED", Severity::info, "c8ad9eb8ff37eae26d9e374cc8ac1987",
             "The daemon runs and has read its configuration. Nothing to do."},
    EventRow{EventId::ready, "READY", Severity::info, "03ac2edee8448c9315fe6a7acc79a99c",
             "The first look at the cluster is done and rounds are running. Nothing to "
             "do."},
    EventRow{EventId::stopping, "STOPPING", Severity::info, "1a8cb7bbaa686036d275442a35b03908",
             "A stop was asked for (SIGTERM or SIGINT). Rounds under way end within 5 "
             "seconds; no Secret is left half written."},
    EventRow{EventId::stopped, "STOPPED", Severity::info, "75c4efa92fe705d5b7d2c79b7d1f55cb",
             "The daemon ended as asked."},
    EventRow{EventId::configuration_rejected, "CONFIGURATION_REJECTED", Severity::error,
             "3fd808b1ef92c03d17dca4b668fa9e8b",
             "The configuration has errors, each with file, line and column. At start the "
             "daemon does not run; at a reload the old configuration stays in force. Mend "
             "the lines named and run `kms-secretd --check-config`, then `systemctl "
             "reload kms-secretd`."},
    EventRow{EventId::configuration_warning, "CONFIGURATION_WARNING", Severity::warning,
             "472b27f89697306c268218feb1563a3b",
             "The configuration works but something in it will not do what it seems to. "
             "Read the line and mend it at leisure."},
    EventRow{EventId::reloaded, "RELOADED", Severity::info, "3fc18552d061599d2bb14073849bd7a2",
             "The new configuration is in force."},
    EventRow{EventId::reload_failed, "RELOAD_FAILED", Severity::error,
             "8bd5a0617678cf7706ef315707c9037d",
             "The new configuration could not be taken over; the old one is still in "
             "force. The message says what to mend; then `systemctl reload kms-secretd`."},
    EventRow{EventId::demand_high, "DEMAND_HIGH", Severity::warning,
             "9af39bbadd843c92b690ef25f1cbad26",
             "The configured secrets ask a store for more than 80 % of its limit: polls "
             "will come later than the interval says. Raise [polling] interval or the "
             "store's requests_per_second (mind the quota of the KMS account)."},
    EventRow{EventId::secret_created, "SECRET_CREATED", Severity::notice,
             "497d59262a366ceebdeb140eb0effea5",
             "The Secret did not exist and was written. The line and its fields name the keys."},
    EventRow{EventId::secret_updated, "SECRET_UPDATED", Severity::notice,
             "b73c3c7269f496b22e572f208ac6768d",
             "The Secret was brought to the current value of its sources. The line names the keys "
             "that were added, changed or removed (KMS_SECRETD_KEYS_CHANGED and so on), never a "
             "value; of its first write since the start the daemon does not know which changed."},
    EventRow{EventId::secret_healed, "SECRET_HEALED", Severity::warning,
             "4a36970af69269fa3b6ad44f0c077ede",
             "Somebody changed keys of the Secret that this daemon owns; they were set "
             "back. The line names them (KMS_SECRETD_KEYS_PUT_BACK). If it was wanted, change the "
             "definition instead; managedFields of the "
             "Secret name who did it."},
    EventRow{EventId::secret_adopted, "SECRET_ADOPTED", Severity::notice,
             "5756715d5b7aca03fa0b42d8072039ba",
             "A Secret that existed before was taken over, as its definition's `adopt` "
             "says. What its values were is not known to the daemon, so the line names as unknown "
             "which of its keys changed."},
    EventRow{EventId::secret_recreated, "SECRET_RECREATED", Severity::warning,
             "e1d711649f2866e9814162a2ace2ccda",
             "The Secret had another type or was immutable; it was deleted and made anew, "
             "as its definition allows."},
    EventRow{EventId::secret_unchanged, "SECRET_UNCHANGED", Severity::debug,
             "b13781c4851c6c55ee21ea119abf55e4",
             "The Secret equals its sources; nothing was written."},
    EventRow{EventId::secret_recovered, "SECRET_RECOVERED", Severity::notice,
             "240b22e4f82f8f123230b875382277f2",
             "The Secret is in sync again after failures. Nothing to do."},
    EventRow{EventId::secret_refused, "SECRET_REFUSED", Severity::warning,
             "09f12eb2c604c69306d7096a350d7da4",
             "The Secret exists and is not ours, or its namespace is missing: nothing was "
             "written. Remove or rename one of the two, create the namespace, or set "
             "`adopt` in the definition if this daemon shall own it."},
    EventRow{EventId::secret_contested, "SECRET_CONTESTED", Severity::warning,
             "48731cfc46074187643e9494c81ac488",
             "Something keeps undoing our writes. Heals are slowed down so that no storm "
             "arises. The message names manager and keys: stop one of the two writers."},
    EventRow{EventId::fetch_failed, "FETCH_FAILED", Severity::error,
             "dce799b6fa8308f708ab7645a8434074",
             "A source could not be read from KMS. The Secret keeps its last good value "
             "and the daemon tries again by itself; the message names store, secret, code "
             "and request id, and what to do."},
    EventRow{EventId::render_failed, "RENDER_FAILED", Severity::error,
             "fbe63c5246375ca28c6b616a84f0ed52",
             "The values that were read cannot become the keys of a Secret. The Secret "
             "keeps its last good value. The message names key and source: mend the "
             "definition or the value."},
    EventRow{EventId::apply_failed, "APPLY_FAILED", Severity::error,
             "45e8c4e92c89c7b37f79bb58519101cc",
             "The API server did not take the Secret. The Secret keeps its last good "
             "value and the daemon tries again by itself; the message says what to do "
             "(rights, quota, network)."},
    EventRow{EventId::store_silent, "STORE_SILENT", Severity::error,
             "e7e385af1213d5e1e422187e0d7aefd8",
             "Five calls to a store in a row had no answer. Calls to it are held back but "
             "for a probe now and then; its Secrets keep their last good values. Look at "
             "network, proxy, DNS and the endpoint's name."},
    EventRow{EventId::store_back, "STORE_BACK", Severity::notice,
             "e0bd902c09b4557a3fe5cffddf3d07d5",
             "The store answers again; its targets come back one after the other."},
    EventRow{EventId::cluster_silent, "CLUSTER_SILENT", Severity::error,
             "39abb6ec4c2cbdf5d4e0236b1362d072",
             "Five requests to an API server in a row had no answer. Its Secrets stay as they "
             "are, and it is asked again now and then; other clusters are served on. Look at the "
             "API server, the network and the kubeconfig."},
    EventRow{EventId::cluster_back, "CLUSTER_BACK", Severity::notice,
             "afcda1d2cb11466dab8c5ecf5cf002fa",
             "The API server answers again; its targets come back one after the other."},
    EventRow{EventId::watch_broken, "WATCH_BROKEN", Severity::warning,
             "a48f14cefa321a4d9295c2c4b53acb05",
             "The Secrets of a namespace cannot be watched. Their rounds ask the API server "
             "instead, and a change made in the cluster is healed at the next one. Look at the "
             "rights (list, watch), the login and the network; observe = \"poll\" needs neither."},
    EventRow{EventId::watch_back, "WATCH_BACK", Severity::notice,
             "08c4c294fc62d4066e149569f0cc3d0e",
             "The namespace is followed again; whatever changed meanwhile is judged now."},
    EventRow{EventId::login_expiring, "LOGIN_EXPIRING", Severity::warning,
             "841f8a566f7705e00b143f478a59dd0c",
             "The client certificate by which the daemon logs in to the API server ends within 30 "
             "days, or has ended. Have a new one signed and write it into the kubeconfig, or into "
             "the file that it names; no restart is needed."},
    EventRow{EventId::login_not_taken, "LOGIN_NOT_TAKEN", Severity::error,
             "52f7577c44c5ed7cdc88dc76e23c0d75",
             "The kubeconfig or a file that it names has changed, and what stands there cannot be "
             "used. The login before it stays in use until the file is mended."},
    EventRow{EventId::login_renewed, "LOGIN_RENEWED", Severity::info,
             "cafe566f2cbc8e7e0f5805c7d64f37d4",
             "The ServiceAccount token by which the daemon logs in to the API server was replaced "
             "by a fresh one before its end. Nothing to do."},
    EventRow{EventId::login_not_renewed, "LOGIN_NOT_RENEWED", Severity::warning,
             "7f0472f8a853ad09ca0cf95bfe9236ce",
             "The ServiceAccount token by which the daemon logs in to the API server should be "
             "renewed and was not; it is tried again until the token ends. Look at the right to "
             "create serviceaccounts/token (kms-secretd --print-rbac prints it), at the state "
             "directory and at the network."},
    EventRow{
        EventId::login_expired, "LOGIN_EXPIRED", Severity::error,
        "21748503ab3d01188ca27fdc9d7cec0f",
        "The ServiceAccount token by which the daemon logs in to the API server has ended: the "
        "host slept or was cut off for longer than the token lived. Secrets stay as they are. "
        "The message names the command that makes a new one; no restart is needed."},
    EventRow{EventId::round_stuck, "ROUND_STUCK", Severity::error,
             "b5adee1d87ec43d8b75eceeccf5c1678",
             "A round has not ended although all its deadlines have passed, or what is due is not "
             "handed out. The daemon no longer tells systemd that it is well, so that the watchdog "
             "restarts it; no Secret is left half written. This is a fault of the program or of a "
             "backend: report it with this line."},
    EventRow{EventId::memory_unlocked, "MEMORY_UNLOCKED", Severity::warning,
             "1873be1e50ab4992b362c6a87b5bd2d6",
             "The memory of the daemon may be written to swap, and with it a secret that is being "
             "carried. The unit says LimitMEMLOCK=infinity: take back the drop-in that changes it, "
             "or do without swap on this machine."},
    EventRow{EventId::store_credential_expiring, "STORE_CREDENTIAL_EXPIRING", Severity::warning,
             "5b0a41b0d8c94f5f9d3a6c7e21f84d06",
             "The credential by which a store is read ends within 30 days, or has ended: the line "
             "names store and credential. Create a new one (for a client key: in the KMS console, "
             "at its access point) and write it into the store's sources; no restart is needed."},
    EventRow{EventId::rotation_broken, "ROTATION_BROKEN", Severity::warning,
             "c2f7d5a3914b4e0c8a6b1de0735f92ab",
             "KMS says that it cannot rotate a managed secret any more (AutomaticRotation is "
             "Invalid). Its current value is still read and written. Look at the secret in the KMS "
             "console: mostly the instance or account behind it is gone or changed."},
    EventRow{EventId::store_notice, "STORE_NOTICE", Severity::warning,
             "6919396cf9334ba5bfbdbfbf3fd65021",
             "A store works, but something about it needs you: a changed credential file cannot be "
             "used and the old credential stays, or a credential could not be renewed ahead of its "
             "end. The message says which and what to do."},
    EventRow{EventId::credential_outdated, "CREDENTIAL_OUTDATED", Severity::warning,
             "42f2b593dd26ff00ad02e7fd2df6c8a3",
             "The file behind a systemd credential was written after the unit was started. systemd "
             "loads credentials only at the start, so the daemon still works with the old one: "
             "`systemctl restart kms-secretd` takes the new one. Secrets stay as they are "
             "meanwhile; a source given as { file = } needs no restart."},
    EventRow{EventId::control_unavailable, "CONTROL_UNAVAILABLE", Severity::warning,
             "66b56d27be1b94e0c99945ad95a4fb6d",
             "The control socket or the metrics port cannot be opened: kms-secretctl and the "
             "monitoring get no answer. Secrets are kept in sync all the same. The line names the "
             "address and the reason; reload once it is mended."},
    EventRow{EventId::leader_gained, "LEADER_GAINED", Severity::notice,
             "b71929e81412025d973f8e52f26e7187",
             "This daemon holds the Lease and keeps the Secrets; the other daemons of the "
             "instance stand by. Nothing to do."},
    EventRow{EventId::leader_lost, "LEADER_LOST", Severity::warning,
             "46c0c143cbbe6b6af697f340547ce750",
             "This daemon held the Lease and does no longer: another took it over, or the "
             "API server could not be reached in time. It writes nothing until it leads "
             "again. If it comes often, look at the network, the load of the host, and raise "
             "lease_duration."},
    EventRow{EventId::leader_other, "LEADER_OTHER", Severity::info,
             "18b0701fc5f2aa9b2e4ea5701c49995f",
             "This daemon stands by: another one holds the Lease. Nothing to do."},
    EventRow{EventId::lease_trouble, "LEASE_TROUBLE", Severity::error,
             "e654ba84338420ec83f7dcf2af7e7dd0",
             "The Lease cannot be read or written, so this daemon cannot know that it works "
             "alone and writes nothing. Look at the rights (kms-secretd --print-rbac prints "
             "them), at lease_namespace and at the network; where there is only one daemon, "
             "[high_availability] mode = \"none\" needs no Lease."},
    EventRow{EventId::definitions_differ, "DEFINITIONS_DIFFER", Severity::warning,
             "46b0d2f9b936e3da97dfc2514578729b",
             "Daemons of one instance have different definitions, as they do while a change "
             "is being rolled out. The leader writes by its own and deletes nothing. Give "
             "all of them the same files and reload."},
    EventRow{EventId::definitions_agree, "DEFINITIONS_AGREE", Severity::notice,
             "0540bffadb675f316e0cd635f39af595",
             "All daemons of the instance have the same definitions again. Nothing to do."},
    EventRow{EventId::events_refused, "EVENTS_REFUSED", Severity::notice,
             "6b7a3099d5d14996bd542bd76678ddef",
             "Kubernetes Events about the Secrets of a namespace cannot be written; the Secrets "
             "themselves are kept all the same. Give the daemon's user the right to create and "
             "patch events there (kms-secretd --print-rbac prints it), or do without by "
             "[kubernetes] events = false. It is tried again after ten minutes, and not said "
             "again."},
    EventRow{EventId::cluster_too_old, "CLUSTER_TOO_OLD", Severity::error,
             "31b240bbfd2d4aec9710b66b9084d158",
             "The API server is older than Kubernetes 1.20 and is not written to: what keeps the "
             "daemon from overwriting others is proven from there on. Other clusters are kept as "
             "ever. Update the cluster; it is asked again every minute."},
    EventRow{EventId::cluster_version_unknown, "CLUSTER_VERSION_UNKNOWN", Severity::notice,
             "0d7627d6559148d4b548e10cf486e517",
             "The API server does not tell its version, so the daemon takes it for Kubernetes 1.20 "
             "or newer, which it needs. Allow its user to get /version (the ClusterRole "
             "system:public-info-viewer does) and make sure of the version yourself."},
    EventRow{
        EventId::secret_held, "SECRET_HELD", Severity::error, "0a4c1b7f2f5d4d0b9a3d6e8c15f7b942",
        "A round would drop more than half of a Secret's keys, or all of them, and nothing was "
        "written. See whether the sources are what they should be. If it is meant, `kms-secretctl "
        "approve NAMESPACE/NAME` lets exactly this change through, or the line that the message "
        "prints, put into the [[secret]], and a reload."},
    EventRow{
        EventId::secret_deleted, "SECRET_DELETED", Severity::notice,
        "5d1e0f83b6724f0c8d95a7f4c2e36b18",
        "A Secret whose definition is gone was deleted, as its deletion_policy said when it was "
        "last written."},
    EventRow{
        EventId::deletions_held, "DELETIONS_HELD", Severity::error,
        "c9b25a6e7d1843f3b0e8f4a1962d5c70",
        "So many definitions are gone that deleting their Secrets at once may be a mistake: "
        "nothing is deleted. If a file was lost, bring it back and reload. If it is meant, "
        "`kms-secretctl approve --deletions` lets exactly these go, or the line that the message "
        "prints, put into [deletion], and a reload."},
    EventRow{EventId::deletion_trouble, "DELETION_TROUBLE", Severity::warning,
             "71f6d3c84ab94e25a5b80d9e3c7f1264",
             "Secrets whose definition is gone cannot be looked for or deleted; it is tried again. "
             "The message says what to do (rights, network)."},
    EventRow{EventId::failures_alike, "FAILURES_ALIKE", Severity::error,
             "e79a28578887d1e92711f0e4b053c7bb",
             "Many Secrets fail in the same way, so one line speaks for all of them: at first, "
             "when there are more, and once an hour. The first ten were said one by one. The "
             "message says how many, since when, and the latest of them, with what to do; "
             "`kms-secretctl status` lists them. They keep their last good values."},
    EventRow{EventId::failures_ended, "FAILURES_ENDED", Severity::notice,
             "544cfb9be0f07bc475b2702d9211ba06",
             "No Secret fails any more in the way that a line for many told of. One that fails "
             "in another way by now has a line that says so."},
};

}  // namespace

std::span<EventRow const> eventCatalogue() noexcept { return catalogue; }

EventRow const& rowOf(EventId id) noexcept {
  auto const& row = catalogue[static_cast<std::size_t>(id)];
  assert(row.id == id && "the catalogue is in the order of the ids");
  return row;
}

}  // namespace kms_secretd::report
