// SPDX-License-Identifier: Apache-2.0
#include "ctl/import_cluster.hpp"

#include <boost/json.hpp>
#include <set>
#include <utility>

#include "kube/json_read.hpp"
#include "kube/requests.hpp"

namespace kms_secretd::ctl {
namespace {

namespace json = boost::json;

constexpr char const* api = "/apis/alibabacloud.com/v1alpha1";
constexpr int notFound = 404;

struct Kind {
  char const* plural;
  bool namespaced;
};
constexpr Kind kinds[]{{"secretstores", true},
                       {"clustersecretstores", false},
                       {"externalsecrets", true},
                       {"clusterexternalsecrets", false}};

class Lister {
 public:
  Lister(ClusterClient& cluster, std::string namespaceName)
      : cluster_(cluster), namespace_(std::move(namespaceName)) {}

  std::vector<ManifestFile> run() {
    std::vector<ManifestFile> files;
    bool known = false;
    for (auto const& kind : kinds) {
      auto items = list(kind, known);
      for (auto const& item : items) noteAccount(item);
      files.push_back(fileOf(std::string("cluster, ") + kind.plural, std::move(items)));
    }
    if (!known) {
      throw ClusterError("the cluster at " + cluster_.server() +
                         " does not know ack-secret-manager's kinds; is it the right one?");
    }
    files.push_back(fileOf("cluster, serviceaccounts", accounts()));
    return files;
  }

 private:
  static ManifestFile fileOf(std::string name, json::array items) {
    return {.name = std::move(name),
            .text = json::serialize(json::object{{"kind", "List"}, {"items", std::move(items)}})};
  }

  [[nodiscard]] std::string pathOf(Kind const& kind) const {
    std::string path = api;
    if (kind.namespaced && !namespace_.empty()) {
      path += "/namespaces/" + kube::escaped(namespace_);
    }
    return path + '/' + kind.plural + "?limit=200";
  }

  json::array list(Kind const& kind, bool& known) {
    json::array all;
    std::string more;
    do {
      auto const reply =
          cluster_.send({.path = pathOf(kind) + (more.empty() ? "" : "&continue=" + more),
                         .asked = {.verb = "list", .resource = kind.plural}},
                        {notFound});
      if (reply.status == notFound) return all;
      known = true;
      auto const page = objectIn(reply);
      if (auto const* items = kube::arrayOf(page, "items")) {
        all.insert(all.end(), items->begin(), items->end());
      }
      auto const* metadata = kube::objectOf(page, "metadata");
      more = metadata == nullptr ? std::string()
                                 : kube::escaped(std::string(kube::textOf(*metadata, "continue")));
    } while (!more.empty());
    return all;
  }

  // The role of a store may stand on the ServiceAccount that it names.
  void noteAccount(json::value const& item) {
    auto const* object = item.if_object();
    for (auto const* name : {"spec", "KMS", "KMSAuth", "serviceAccountRef"}) {
      object = object == nullptr ? nullptr : kube::objectOf(*object, name);
    }
    auto const* metadata = kube::objectOf(item.as_object(), "metadata");
    if (object == nullptr || metadata == nullptr) return;
    auto place = std::string(kube::textOf(*object, "namespace"));
    if (place.empty()) place = kube::textOf(*metadata, "namespace");
    accounts_.emplace(std::move(place), kube::textOf(*object, "name"));
  }

  json::array accounts() {
    json::array found;
    for (auto const& [place, name] : accounts_) {
      auto const reply = cluster_.send({.path = "/api/v1/namespaces/" + kube::escaped(place) +
                                                "/serviceaccounts/" + kube::escaped(name),
                                        .asked = {.verb = "get",
                                                  .resource = "serviceaccounts",
                                                  .namespaceName = place,
                                                  .name = name}},
                                       {notFound});
      if (reply.status != notFound) found.push_back(objectIn(reply));
    }
    return found;
  }

  ClusterClient& cluster_;
  std::string namespace_;
  std::set<std::pair<std::string, std::string>> accounts_{};
};

}  // namespace

std::vector<ManifestFile> manifestsIn(ClusterClient& cluster, std::string const& namespaceName) {
  return Lister(cluster, namespaceName).run();
}

}  // namespace kms_secretd::ctl
