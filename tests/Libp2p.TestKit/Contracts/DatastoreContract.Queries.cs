using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <content>Queries.</content>
public abstract partial class DatastoreContract
{
    // In the order of their bytes: '-' and '.' are less than '/', digits are more.
    private static readonly string[] Sorted = ["/a", "/a-b", "/a.b", "/a/b", "/a/b/c", "/a/bc", "/a0", "/aé", "/b"];

    [Fact]
    public async Task A_prefix_is_of_whole_components_and_not_below_itself()
    {
        await FillAsync();
        (await KeysAsync("/a")).ShouldBe(["/a/b", "/a/b/c", "/a/bc"], ignoreOrder: true);
        (await KeysAsync("/a/b")).ShouldBe(["/a/b/c"]);
        (await KeysAsync("/")).ShouldBe(Sorted, ignoreOrder: true);
        (await KeysAsync("/c")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(2, null)]
    [InlineData(0, 3)]
    [InlineData(4, 3)]
    [InlineData(8, 100)]
    [InlineData(9, 1)]
    [InlineData(100, 1)]
    [InlineData(3, 0)]
    public async Task The_order_is_that_of_bytes_both_ways_with_offset_and_limit(int offset, int? limit)
    {
        await FillAsync();
        (await KeysAsync("/", DatastoreOrder.Ascending, offset, limit)).ShouldBe(Sorted.Skip(offset).Take(limit ?? 100));
        (await KeysAsync("/", DatastoreOrder.Descending, offset, limit)).ShouldBe(Sorted.Reverse().Skip(offset).Take(limit ?? 100));
        (await KeysAsync("/", DatastoreOrder.Any, offset, limit)).Count.ShouldBe(Sorted.Skip(offset).Take(limit ?? 100).Count());
    }

    [Fact]
    public async Task Values_come_along_unless_only_keys_are_wanted()
    {
        await FillAsync();
        (await AllAsync(new DatastoreQuery { Prefix = "/a/b" })).ShouldBe(["/a/b/c=/a/b/c"]);
        (await AllAsync(new DatastoreQuery { Prefix = "/a/b", KeysOnly = true })).ShouldBe(["/a/b/c="]);
    }

    [Fact]
    public async Task What_a_query_cannot_mean_is_refused()
    {
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => AllAsync(new DatastoreQuery { Offset = -1 }));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => AllAsync(new DatastoreQuery { Limit = -1 }));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => AllAsync(new DatastoreQuery { Order = (DatastoreOrder)7 }));
    }

    [Theory]
    [InlineData(DatastoreOrder.Any)]
    [InlineData(DatastoreOrder.Ascending)]
    [InlineData(DatastoreOrder.Descending)]
    public async Task Iterating_while_deleting_and_adding_gives_what_stays_once(DatastoreOrder order)
    {
        const int Count = 1000;
        await FillManyAsync(Count);
        var seen = new List<DatastoreKey>();
        await foreach (var entry in Store.QueryAsync(new DatastoreQuery { Prefix = "/many", Order = order }))
        {
            seen.Add(entry.Key);
            await Store.DeleteAsync(entry.Key).Within(Patience);
            await Store.PutAsync($"/more/{seen.Count}", default).Within(Patience);
        }

        seen.Count.ShouldBe(Count);
        seen.Distinct().Count().ShouldBe(Count);
        (await KeysAsync("/many")).ShouldBeEmpty();
        (await KeysAsync("/more")).Count.ShouldBe(Count);
    }

    [Fact]
    public async Task A_query_may_be_left_in_the_middle_or_cancelled()
    {
        await FillManyAsync(1000);
        await foreach (var _ in Store.QueryAsync(new DatastoreQuery { Prefix = "/many" })) break;
        using var cancel = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Store.QueryAsync(new DatastoreQuery { Prefix = "/many" }, cancel.Token)) cancel.Cancel();
        });
        await Store.DeleteAsync("/many/1").Within(Patience);
        (await KeysAsync("/many")).Count.ShouldBe(999);
    }

    private async Task FillAsync()
    {
        var batch = new DatastoreBatch();
        foreach (var key in Sorted.Reverse()) batch.Put(key, Bytes(key));
        await Store.WriteAsync(batch).Within(Patience);
    }

    private async Task FillManyAsync(int count)
    {
        var batch = new DatastoreBatch();
        for (var i = 0; i < count; i++) batch.Put($"/many/{i}", default);
        await Store.WriteAsync(batch).Within(Patience);
    }

    private async Task<List<string>> KeysAsync(DatastoreKey prefix, DatastoreOrder order = DatastoreOrder.Any, int offset = 0, int? limit = null)
    {
        var found = new List<string>();
        var query = new DatastoreQuery { Prefix = prefix, Order = order, Offset = offset, Limit = limit };
        await foreach (var entry in Store.QueryAsync(query)) found.Add(entry.Key.ToString());
        return found;
    }
}
