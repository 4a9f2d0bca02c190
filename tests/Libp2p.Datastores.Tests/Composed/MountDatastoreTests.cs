using Libp2p.Datastores.Memory;
using Libp2p.TestKit;
using Microsoft.Extensions.Options;

namespace Libp2p.Datastores.Tests.Composed;

/// <summary>Several stores are a store, whichever of them a key belongs to.</summary>
public sealed class MountDatastoreTests : DatastoreContract
{
    private MemoryDatastore _root = null!;
    private MemoryDatastore _a = null!;
    private MemoryDatastore _deep = null!;

    protected override async ValueTask<IDatastore> OpenAsync()
    {
        (_root, _a, _deep) = (Memory(), Memory(), Memory());

        // Nobody can reach it: another store is mounted there.
        await _root.PutAsync("/a/b", "hidden"u8.ToArray());
        await _root.PutAsync("/many/1/x", "hidden"u8.ToArray());
        return DatastoreExtensions.Mount(new(DatastoreKey.Root, _root), new("/a", _a), new("/a/b", _deep), new("/many/1", Memory()));
    }

    protected override ValueTask CloseAsync(IDatastore store)
    {
        _root.Dispose();
        _a.Dispose();
        _deep.Dispose();
        return default;
    }

    [Fact]
    public async Task Each_key_belongs_to_the_longest_prefix_in_front_of_it()
    {
        foreach (var key in (string[])["/a", "/ab", "/a/x", "/a/b", "/a/b/c"]) await Store.PutAsync(key, default);
        (await KeysOf(_root)).ShouldBe(["/a", "/a/b", "/ab", "/many/1/x"]);
        (await KeysOf(_a)).ShouldBe(["/b", "/x"]);
        (await KeysOf(_deep)).ShouldBe(["/c"]);
    }

    [Fact]
    public void It_can_do_what_all_can_and_no_batches_over_several()
    {
        Store.Features.ShouldBe(DatastoreFeatures.TimeToLive);
        DatastoreExtensions.Mount(new KeyValuePair<DatastoreKey, IDatastore>("/a", _a)).Features.ShouldBe(_a.Features);
    }

    [Fact]
    public async Task Where_nothing_is_mounted_nothing_can_be_kept()
    {
        var mounts = DatastoreExtensions.Mount(new KeyValuePair<DatastoreKey, IDatastore>("/a", _a));
        (await Should.ThrowAsync<DatastoreException>(async () => await mounts.PutAsync("/b", default))).Message.ShouldContain("/b");
        await mounts.PutAsync("/a/c", default);
    }

    [Fact]
    public void Two_stores_at_one_place_and_none_at_all_are_refused()
    {
        Should.Throw<ArgumentException>(() => DatastoreExtensions.Mount(new("/a", _a), new("/a/", _root)));
        Should.Throw<ArgumentException>(() => DatastoreExtensions.Mount());
    }

    private static async Task<List<string>> KeysOf(IDatastore store)
    {
        var keys = new List<string>();
        await foreach (var entry in store.QueryAsync(new DatastoreQuery { Order = DatastoreOrder.Ascending })) keys.Add(entry.Key.ToString());
        return keys;
    }

    private MemoryDatastore Memory() => new(Runtime.Node, Options.Create(new MemoryOptions()));
}
