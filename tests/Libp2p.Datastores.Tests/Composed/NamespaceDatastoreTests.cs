using Libp2p.Datastores.Memory;
using Libp2p.TestKit;
using Microsoft.Extensions.Options;

namespace Libp2p.Datastores.Tests.Composed;

/// <summary>A part of a store is a store; beside it lies what it must not touch.</summary>
public sealed class NamespaceDatastoreTests : DatastoreContract
{
    private static readonly string[] Beside = ["/x", "/x/y-", "/x/y.", "/x/y0", "/z"];

    private MemoryDatastore _whole = null!;

    protected override async ValueTask<IDatastore> OpenAsync()
    {
        _whole = new MemoryDatastore(Runtime.Node, Options.Create(new MemoryOptions()));
        foreach (var key in Beside) await _whole.PutAsync(key, default);
        return _whole.Below("/x/y");
    }

    protected override ValueTask CloseAsync(IDatastore store)
    {
        _whole.Dispose();
        return default;
    }

    [Fact]
    public async Task What_is_put_lies_below_the_prefix_and_the_rest_is_left_alone()
    {
        await Store.PutAsync("/a/b", default);
        (await _whole.HasAsync("/x/y/a/b")).ShouldBeTrue();
        (await Store.ClearAsync()).ShouldBe(1);
        var left = new List<string>();
        await foreach (var entry in _whole.QueryAsync(new DatastoreQuery { Order = DatastoreOrder.Ascending })) left.Add(entry.Key.ToString());
        left.ShouldBe(Beside);
    }

    [Fact]
    public async Task Parts_of_parts_are_parts()
    {
        await _whole.Below("/x").Below("/y").PutAsync("/deep", default);
        (await Store.HasAsync("/deep")).ShouldBeTrue();
        _whole.Below(DatastoreKey.Root).ShouldBeSameAs(_whole);
    }

    [Fact]
    public async Task A_key_that_becomes_too_long_is_refused()
    {
        var key = (DatastoreKey)new string('k', DatastoreKey.MaxLength - 1);
        await Should.ThrowAsync<FormatException>(async () => await Store.PutAsync(key, default));
    }
}
