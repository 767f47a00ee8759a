// SPDX-License-Identifier: Apache-2.0
// Makes the index of identity documents equal to a list of people: what differs is written. By a
// list that is known to be complete, everybody else is closed, and then deleted if they are not too
// many.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "config/config.h"
#include "elastic/action_sink.h"
#include "elastic/client.h"
#include "elastic/index_setup.h"
#include "permissions/identity.h"
#include "report/counters.h"
#include "report/reporter.h"

namespace dbxes::sync {

class IdentitySync {
 public:
  // `sink` writes to the index of identities, which `target` describes.
  IdentitySync(elastic::Client& client, elastic::IndexTarget target, elastic::ActionSink& sink,
               report::Counters& counters);

  // Writes new and changed identities. `now` is the time of this run.
  Result<void> Write(const std::vector<permissions::Identity>& people, std::string_view now);
  // Closes the identities of everybody else, however many: they match no document any more. An
  // empty list closes nobody, because there is always the account itself.
  Result<void> CloseOthers(const std::vector<permissions::Identity>& people);
  // Deletes them. kSafetyStop beyond the limit; `dry_run`: see Eraser.
  Result<void> DeleteOthers(const std::vector<permissions::Identity>& people,
                            const config::MaxDelete& max_delete, bool dry_run);
  // Deletes all of them, as asked.
  Result<void> DeleteAll();

 private:
  Result<void> WriteSome(std::span<const permissions::Identity> people, std::string_view now);
  Result<void> CloseSome(const std::vector<std::string_view>& ids);
  // The documents that the index has with these ids, null for none.
  Result<rapidjson::Document> Stored(const std::vector<std::string_view>& ids,
                                     std::vector<elastic::DocumentVersion>& versions);

  elastic::Client& client_;
  elastic::IndexTarget target_;
  elastic::ActionSink& sink_;
  report::Counters& counters_;
};

}  // namespace dbxes::sync
