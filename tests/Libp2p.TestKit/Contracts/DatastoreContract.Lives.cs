using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <content>Time, restarts, and many at once.</content>
public abstract partial class DatastoreContract
{
    [Fact]
    public async Task A_value_expires_when_its_time_has_come()
    {
        SkipWithoutTime();
        await Store.PutAsync("/short", Bytes("s"), TimeSpan.FromMinutes(1)).Within(Patience);
        await Store.WriteAsync(new DatastoreBatch().Put("/long", Bytes("l"), TimeSpan.FromMinutes(10)).Put("/ever", Bytes("e"))).Within(Patience);
        var expires = new List<(string, TimeSpan?)>();
        await foreach (var entry in Store.QueryAsync(new DatastoreQuery { Order = DatastoreOrder.Ascending })) expires.Add((entry.Key.ToString(), entry.ExpiresAt - Runtime.Clock.GetUtcNow()));
        expires.ShouldBe([("/ever", null), ("/long", TimeSpan.FromMinutes(10)), ("/short", TimeSpan.FromMinutes(1))]);
        Runtime.Clock.Advance(TimeSpan.FromMinutes(1));
        (await TextAsync("/short")).ShouldBeNull();
        (await Store.HasAsync("/short").Within(Patience)).ShouldBeFalse();
        (await AllAsync(new DatastoreQuery { Order = DatastoreOrder.Ascending })).ShouldBe(["/ever=e", "/long=l"]);
        Runtime.Clock.Advance(TimeSpan.FromDays(365));
        (await AllAsync(new DatastoreQuery())).ShouldBe(["/ever=e"]);
    }

    [Fact]
    public async Task The_last_put_says_how_long_a_value_lives()
    {
        SkipWithoutTime();
        await Store.PutAsync("/a", Bytes("1"), TimeSpan.FromMinutes(1)).Within(Patience);
        await Store.PutAsync("/a", Bytes("2")).Within(Patience);
        await Store.PutAsync("/b", Bytes("1")).Within(Patience);
        await Store.PutAsync("/b", Bytes("2"), TimeSpan.FromMinutes(1)).Within(Patience);
        await Store.PutAsync("/c", Bytes("1"), TimeSpan.MaxValue).Within(Patience);
        Runtime.Clock.Advance(TimeSpan.FromMinutes(2));
        (await AllAsync(new DatastoreQuery { Order = DatastoreOrder.Ascending })).ShouldBe(["/a=2", "/c=1"]);
        await Store.PutAsync("/b", Bytes("3")).Within(Patience);
        (await TextAsync("/b")).ShouldBe("3");
    }

    [Fact]
    public async Task A_life_of_no_length_is_refused()
    {
        SkipWithoutTime();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Store.PutAsync("/a", Bytes("x"), TimeSpan.Zero));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Store.PutAsync("/a", Bytes("x"), TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public async Task Without_times_to_live_one_is_refused()
    {
        Assert.SkipWhen(Store.Features.HasFlag(DatastoreFeatures.TimeToLive), "it has them");
        await Should.ThrowAsync<NotSupportedException>(async () => await Store.PutAsync("/a", Bytes("x"), TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_persistent_store_is_what_it_was_when_it_is_opened_again()
    {
        Assert.SkipUnless(Store.Features.HasFlag(DatastoreFeatures.Persistent), "it is not persistent");
        await FillAsync();
        await Store.DeleteAsync("/a.b").Within(Patience);
        var hasTime = Store.Features.HasFlag(DatastoreFeatures.TimeToLive);
        if (hasTime) await Store.PutAsync("/a0", Bytes("short"), TimeSpan.FromMinutes(1)).Within(Patience);
        await ReopenAsync();
        (await KeysAsync("/", DatastoreOrder.Ascending)).ShouldBe(Sorted.Except(["/a.b"]));
        Runtime.Clock.Advance(TimeSpan.FromMinutes(2));
        (await Store.HasAsync("/a0").Within(Patience)).ShouldBe(!hasTime);
    }

    [Fact]
    public async Task Everything_written_before_a_sync_is_synced()
    {
        await Store.SyncAsync().Within(Patience);
        await FillAsync();
        await Store.SyncAsync().Within(Patience);
        await Store.SyncAsync().Within(Patience);
        (await KeysAsync("/")).Count.ShouldBe(Sorted.Length);
    }

    [Fact]
    public async Task Many_read_and_write_at_once()
    {
        const int Workers = 8;
        const int Rounds = 60;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Concurrently.Run(async () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                var key = (DatastoreKey)$"/worker/{worker}/{round}";
                await Store.PutAsync(key, Bytes($"{round}"));
                (await Store.GetAsync(key)).ShouldNotBeNull("a read that begins after a write has completed sees it").ToArray().ShouldBe(Bytes($"{round}"));
                await Store.WriteAsync(new DatastoreBatch().Put(key, Bytes("batched")).Put($"/last/{worker}", Bytes($"{round}")));
                if (round % 20 == 0) (await KeysAsync($"/worker/{worker}")).Count.ShouldBe(round + 1);
                if (round % 2 == 0) continue;
                await Store.DeleteAsync(key);
                (await Store.HasAsync(key)).ShouldBeFalse();
                await Store.PutAsync(key, default);
            }
        }))).Within(Patience * 4);
        (await KeysAsync("/worker")).Count.ShouldBe(Workers * Rounds);
        for (var worker = 0; worker < Workers; worker++) (await TextAsync($"/last/{worker}")).ShouldBe($"{Rounds - 1}");
    }

    private async Task ReopenAsync()
    {
        await CloseAsync(Store);
        Store = await OpenAsync();
    }

    private void SkipWithoutTime() => Assert.SkipUnless(Store.Features.HasFlag(DatastoreFeatures.TimeToLive), "it has no times to live");
}
