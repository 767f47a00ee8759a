// SPDX-License-Identifier: Apache-2.0
// Error answers of Dropbox, and the lists beside the change feed.
#include <array>
#include <string>

#include "base/http/event_loop.h"
#include "dropbox/access_token.h"
#include "dropbox/api_error.h"
#include "dropbox/client.h"
#include "dropbox/search.h"
#include "dropbox/shared_links.h"
#include "dropbox/sharing.h"
#include "dropbox/team.h"
#include "fuzz/fuzz_target.h"
#include "support/fake_clock.h"
#include "support/fake_network.h"

namespace dbxes::fuzz {
namespace {

void JudgeError(std::string_view bytes) {
  constexpr std::array kStatuses{200, 400, 401, 403, 404, 409, 422, 429, 500, 503};
  HttpResponse response;
  response.status = kStatuses[TakeByte(bytes) % kStatuses.size()];
  response.body = bytes;
  const std::size_t line = bytes.find('\n');
  if (line != std::string_view::npos) {
    response.headers.emplace_back("retry-after", bytes.substr(0, line));
    response.body = bytes.substr(line + 1);
  }
  const Result<HttpResponse> answer(response);
  dropbox::JudgeApiAnswer(answer);
  dropbox::JudgeTokenAnswer(answer);
  Require(dropbox::Excerpt(bytes).find('\n') == std::string::npos, "an excerpt is one line");
}

// A client that gives up at once, and to which every request gets one answer.
struct OneAnswer {
  explicit OneAnswer(std::string_view body) {
    config.dropbox.api_url = "https://api.test";
    config.dropbox.retry_count = 0;
    config.sync.give_up_after = Milliseconds(0);
    network.Route("https://api.test", [body = std::string(body)](const FakeRequest& request) {
      const bool token = request.target == "/oauth2/token";
      return FakeAnswer::Json(200, token ? R"({"access_token":"a"})" : body);
    });
  }

  config::Config config;
  FakeClock clock;
  FakeNetwork network{clock};
  EventLoop loop{network, clock};
  dropbox::Client client{loop, config, [](const Error&, Milliseconds) {}, 1};
};

template <class T>
void Await(OneAnswer& world, const Pending<T>& pending) {
  const auto value = world.loop.Await(pending);
  if (!value) Require(!value.error().message.empty(), "an error has a message");
}

// The first byte chooses the route.
void ReadList(std::string_view bytes) {
  const unsigned route = TakeByte(bytes) % 9;
  OneAnswer world(bytes);
  const std::array<std::string, 2> ids{"id:a", "id:b"};
  dropbox::FileMemberBatches batches(world.client);
  switch (route) {
    case 0:
      return Await(world, dropbox::ListFolderMembers(world.client, "1", ""));
    case 1:
      return Await(world, dropbox::GetFolderMetadata(world.client, "1"));
    case 2:
      return Await(world, dropbox::ListFolders(world.client, ""));
    case 3:
      return Await(world, dropbox::ListReceivedFiles(world.client, ""));
    case 4:
      return Await(world, batches.List(ids));
    case 5:
      return Await(world, dropbox::ListTeamPage(world.client, ""));
    case 6:
      return Await(world, dropbox::Search(world.client, {}));
    case 7:
      return Await(world, dropbox::ListSharedLinks(world.client, ""));
    default:
      return Await(world, dropbox::GetSharedLinkMetadata(world.client, "https://a"));
  }
}

void ReadAccount(std::string_view bytes) {
  OneAnswer world(bytes);
  const auto account = world.client.DiscoverAccount();
  if (account) Require(!account->account_id.empty(), "an account has an id");
  HttpResponse answer;
  answer.body = bytes;
  const auto grant = dropbox::ParseTokenGrant(answer);
  if (!grant) return;
  Require(!grant->access_token.empty() && grant->lifetime >= Milliseconds(0), "a grant is a token");
}

const Registration list_answer("dropbox_list", ReadList);
const Registration account("dropbox_account", ReadAccount);
const Registration dropbox_error("dropbox_error", JudgeError);

}  // namespace
}  // namespace dbxes::fuzz
