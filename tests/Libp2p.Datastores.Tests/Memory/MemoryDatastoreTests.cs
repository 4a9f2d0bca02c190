using Libp2p.Datastores.Memory;
using Libp2p.TestKit;
using Microsoft.Extensions.Options;

namespace Libp2p.Datastores.Tests.Memory;

public sealed class MemoryDatastoreTests : DatastoreContract
{
    protected override ValueTask<IDatastore> OpenAsync() => ValueTask.FromResult<IDatastore>(Open(new MemoryOptions()));

    [Fact]
    public async Task So_many_values_and_no_more()
    {
        using var store = Open(new MemoryOptions { MaxEntries = 3 });
        for (var i = 0; i < 3; i++) await store.PutAsync($"/{i}", default);
        var full = await Should.ThrowAsync<DatastoreFullException>(async () => await store.PutAsync("/3", default));
        full.Message.ShouldContain(nameof(MemoryOptions.MaxEntries));
        await Should.ThrowAsync<DatastoreFullException>(async () => await store.WriteAsync(new DatastoreBatch().Put("/0", "changed"u8.ToArray()).Put("/4", default)));
        (await store.GetAsync("/0"))!.Value.Length.ShouldBe(0, "a batch that is refused is refused whole");
        await store.PutAsync("/0", "replaced"u8.ToArray());
        await store.WriteAsync(new DatastoreBatch().Delete("/0").Put("/3", default).Put("/3", default));
        await store.DeleteAsync("/1");
        await store.PutAsync("/5", default);
    }

    [Fact]
    public async Task So_many_bytes_and_no_more()
    {
        using var store = Open(new MemoryOptions { MaxBytes = 4096 });
        await store.PutAsync("/a", new byte[2000]);
        (await Should.ThrowAsync<DatastoreFullException>(async () => await store.PutAsync("/b", new byte[2000]))).Message.ShouldContain(nameof(MemoryOptions.MaxBytes));
        await store.PutAsync("/a", new byte[100]);
        await store.PutAsync("/b", new byte[2000]);
    }

    [Fact]
    public async Task What_has_expired_makes_room()
    {
        using var store = Open(new MemoryOptions { MaxEntries = 2 });
        await store.PutAsync("/a", default, TimeSpan.FromMinutes(1));
        await store.PutAsync("/b", default, TimeSpan.FromMinutes(5));
        await Should.ThrowAsync<DatastoreFullException>(async () => await store.PutAsync("/c", default));
        Runtime.Clock.Advance(TimeSpan.FromMinutes(1));
        await store.PutAsync("/c", default);
        await Should.ThrowAsync<DatastoreFullException>(async () => await store.PutAsync("/d", default));
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        new MemoryOptions().Validate().ShouldBeEmpty();
        var problems = new MemoryOptions { MaxEntries = 0, MaxBytes = 1, MaxValueLength = 0 }.Validate().ToList();
        problems.Select(static problem => problem.Split(' ')[0]).ShouldBe([nameof(MemoryOptions.MaxEntries), nameof(MemoryOptions.MaxBytes), nameof(MemoryOptions.MaxValueLength)]);
    }

    private MemoryDatastore Open(MemoryOptions options) => new(Runtime.Node, Options.Create(options));
}
