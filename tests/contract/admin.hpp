// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json.hpp>

#include <map>
#include <memory>
#include <string>

#include <kms-secretd/clock.hpp>

#include "kube/connection.hpp"

namespace kms_secretd::contract {

/// Namespace and name of one Secret.
struct Place {
  std::string namespaceName{};
  std::string name{};
};

/// What the server answered; the body of a failure is its Status.
struct Answer {
  int status = 0;
  boost::json::value body{};

  /// True for 2xx.
  [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
};

/// Everybody else in the cluster: other tools and people, who write as they like and read values.
/// Each call is one request of an administrator by raw HTTP.
class Admin {
 public:
  using Strings = std::map<std::string, std::string>;

  Admin(std::shared_ptr<kube::Connection> connection, sdk::Clock const& clock)
      : connection_(std::move(connection)), clock_(clock) {}

  Answer createNamespace(std::string const& name);
  Answer deleteNamespace(std::string const& name);

  /// POST of a whole Secret. `object` needs no names; data is given decoded by secretOf().
  Answer create(Place const& place, boost::json::object object, std::string const& manager);
  Answer replace(Place const& place, boost::json::object object, std::string const& manager);
  Answer merge(Place const& place, boost::json::object const& patch, std::string const& manager);
  Answer apply(Place const& place, boost::json::object object, std::string const& manager);
  Answer remove(Place const& place);
  /// The whole Secret, values included.
  Answer read(Place const& place);

  /// GET, edit, PUT, as `kubectl edit` does.
  template <class Edit>
  Answer edit(Place const& place, std::string const& manager, Edit edit) {
    auto object = read(place).body.as_object();
    edit(object);
    return replace(place, std::move(object), manager);
  }

 private:
  struct Message;
  Answer send(Message const& message);

  std::shared_ptr<kube::Connection> connection_;
  sdk::Clock const& clock_;
};

/// A Secret with `data` (decoded) as others would write it.
[[nodiscard]] boost::json::object secretOf(Admin::Strings const& data,
                                           std::string const& type = "Opaque");
/// The data of a Secret that was read, decoded.
[[nodiscard]] Admin::Strings dataOf(boost::json::value const& secret);
/// `name` of metadata, or empty.
[[nodiscard]] std::string metadataOf(boost::json::value const& secret, std::string const& name);
/// Labels or annotations of a Secret that was read.
[[nodiscard]] Admin::Strings mapOf(boost::json::value const& secret, std::string const& name);
/// "manager Apply: a b | manager Update: c": who holds which data keys, sorted.
[[nodiscard]] std::string holdersOf(boost::json::value const& secret);
/// Sets the value of `key` in a Secret that was read.
void setData(boost::json::object& secret, std::string const& key, std::string const& value);
/// Removes `key` from a Secret that was read.
void dropData(boost::json::object& secret, std::string const& key);

}  // namespace kms_secretd::contract
