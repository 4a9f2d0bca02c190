using System.Buffers;
using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <summary>What every <see cref="IDatastore"/> keeps; what is asked of it besides depends on its <see cref="IDatastore.Features"/>.</summary>
public abstract partial class DatastoreContract : IAsyncLifetime
{
    /// <summary>Time and randomness of the store; the test moves the clock.</summary>
    protected TestRuntime Runtime { get; } = TestRuntime.Fake();

    /// <summary>How long to wait for what must happen.</summary>
    protected virtual TimeSpan Patience => Watchdog.Patience;

    /// <summary>The store of this test, open.</summary>
    protected IDatastore Store { get; private set; } = null!;

    /// <summary>Opens the store of this test, which is empty at first; again behind <see cref="CloseAsync"/>, where it is persistent.</summary>
    protected abstract ValueTask<IDatastore> OpenAsync();

    /// <summary>Closes a store. Default: disposes it.</summary>
    protected virtual async ValueTask CloseAsync(IDatastore store)
    {
        if (store is IAsyncDisposable opened) await opened.DisposeAsync();
        else (store as IDisposable)?.Dispose();
    }

    /// <summary>Opens the store.</summary>
    public virtual async ValueTask InitializeAsync() => Store = await OpenAsync();

    /// <summary>Closes the store; a derived class deletes what is left of it.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync(Store);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_key_without_a_value_is_no_error()
    {
        (await Store.GetAsync("/nothing").Within(Patience)).ShouldBeNull();
        (await Store.HasAsync("/nothing").Within(Patience)).ShouldBeFalse();
        var buffer = new ArrayBufferWriter<byte>();
        (await Store.TryReadAsync("/nothing", buffer).Within(Patience)).ShouldBeFalse();
        buffer.WrittenCount.ShouldBe(0);
        await Store.DeleteAsync("/nothing").Within(Patience);
    }

    [Fact]
    public async Task A_value_is_kept_replaced_and_deleted()
    {
        await Store.PutAsync("/a/b", Bytes("one")).Within(Patience);
        (await TextAsync("/a/b")).ShouldBe("one");
        (await Store.HasAsync("/a/b").Within(Patience)).ShouldBeTrue();
        await Store.PutAsync("/a/b", Bytes("another")).Within(Patience);
        (await TextAsync("/a/b")).ShouldBe("another");
        (await Store.HasAsync("/a").Within(Patience)).ShouldBeFalse("a key above one that has a value has none of its own");
        await Store.DeleteAsync("/a/b").Within(Patience);
        (await TextAsync("/a/b")).ShouldBeNull();
        (await Store.HasAsync("/a/b").Within(Patience)).ShouldBeFalse();
    }

    [Fact]
    public async Task Values_of_every_length_come_back_as_they_were()
    {
        var lengths = (int[])[0, 1, 255, 4096, 70_000, Math.Min(Store.MaxValueLength, 1 << 20)];
        for (var i = 0; i < lengths.Length; i++) await Store.PutAsync($"/length/{i}", DuplexBytes.Pattern(lengths[i])).Within(Patience);
        for (var i = 0; i < lengths.Length; i++)
        {
            (await Store.GetAsync($"/length/{i}").Within(Patience)).ShouldNotBeNull().ToArray().ShouldBe(DuplexBytes.Pattern(lengths[i]));
            var buffer = new ArrayBufferWriter<byte>();
            buffer.Write("before"u8);
            (await Store.TryReadAsync($"/length/{i}", buffer).Within(Patience)).ShouldBeTrue();
            buffer.WrittenSpan["before"u8.Length..].ToArray().ShouldBe(DuplexBytes.Pattern(lengths[i]));
        }
    }

    [Fact]
    public async Task The_buffer_of_a_value_that_was_put_is_the_callers_again()
    {
        var value = Bytes("mine");
        await Store.PutAsync("/a", value).Within(Patience);
        var batched = Bytes("too");
        await Store.WriteAsync(new DatastoreBatch().Put("/b", batched)).Within(Patience);
        Array.Clear(value);
        Array.Clear(batched);
        (await TextAsync("/a")).ShouldBe("mine");
        (await TextAsync("/b")).ShouldBe("too");
    }

    [Fact]
    public async Task A_value_that_is_too_long_is_refused_and_changes_nothing()
    {
        Assert.SkipWhen(Store.MaxValueLength > 64 << 20, "a value that is too long for it is too long for a test");
        var tooLong = new byte[Store.MaxValueLength + 1];
        await Store.PutAsync("/a", Bytes("old")).Within(Patience);
        var refused = await Should.ThrowAsync<DatastoreLimitException>(() => Store.PutAsync("/a", tooLong).AsTask());
        refused.Remedy.ShouldNotBeEmpty();
        refused.Layer.ShouldBe(ConnectionLayer.Storage);
        await Should.ThrowAsync<DatastoreLimitException>(() => Store.WriteAsync(new DatastoreBatch().Put("/b", Bytes("b")).Put("/c", tooLong)).AsTask());
        (await TextAsync("/a")).ShouldBe("old");
        (await TextAsync("/b")).ShouldBeNull("a batch that is refused is refused whole");
    }

    [Fact]
    public async Task The_root_holds_no_value()
    {
        await Should.ThrowAsync<ArgumentException>(async () => await Store.PutAsync(DatastoreKey.Root, Bytes("x")));
        await Should.ThrowAsync<ArgumentException>(async () => await Store.DeleteAsync(DatastoreKey.Root));
    }

    [Fact]
    public async Task A_batch_is_written_in_its_order()
    {
        await Store.PutAsync("/gone", Bytes("x")).Within(Patience);
        await Store.WriteAsync(new DatastoreBatch().Put("/a", Bytes("1")).Put("/b", Bytes("1")).Delete("/gone").Put("/a", Bytes("2")).Put("/c", Bytes("1")).Delete("/c")).Within(Patience);
        (await AllAsync(new DatastoreQuery { Order = DatastoreOrder.Ascending })).ShouldBe(["/a=2", "/b=1"]);
        await Store.WriteAsync(new DatastoreBatch()).Within(Patience);
    }

    [Fact]
    public async Task A_large_batch_is_written_whole_and_cleared()
    {
        var batch = new DatastoreBatch();
        for (var i = 0; i < 3000; i++) batch.Put($"/many/{i:0000}", Bytes($"{i}"));
        await Store.WriteAsync(batch).Within(Patience);
        (await TextAsync("/many/2999")).ShouldBe("2999");
        (await Store.ClearAsync("/many").Within(Patience)).ShouldBe(3000);
        (await AllAsync(new DatastoreQuery())).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_cancelled_before_it_began_does_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.PutAsync("/a", Bytes("x"), cancellationToken: cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.GetAsync("/a", cancelled));
        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.WriteAsync(new DatastoreBatch().Put("/a", Bytes("x")), cancelled));
        (await Store.HasAsync("/a").Within(Patience)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        await Store.PutAsync("/a", Bytes("x")).Within(Patience);
        await CloseAsync(Store);
        await Should.ThrowAsync<DatastoreClosedException>(async () => await Store.GetAsync("/a"));
        await Should.ThrowAsync<DatastoreClosedException>(async () => await Store.HasAsync("/a"));
        await Should.ThrowAsync<DatastoreClosedException>(async () => await Store.PutAsync("/a", Bytes("y")));
        await Should.ThrowAsync<DatastoreClosedException>(async () => await Store.DeleteAsync("/a"));
        await Should.ThrowAsync<DatastoreClosedException>(async () => await Store.SyncAsync());
        await Should.ThrowAsync<DatastoreClosedException>(async () => await AllAsync(new DatastoreQuery()));
    }

    private protected static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private protected async Task<string?> TextAsync(DatastoreKey key) =>
        await Store.GetAsync(key).Within(Patience) is { } value ? System.Text.Encoding.UTF8.GetString(value.Span) : null;

    private protected async Task<List<string>> AllAsync(DatastoreQuery query)
    {
        var found = new List<string>();
        await foreach (var entry in Store.QueryAsync(query)) found.Add($"{entry.Key}={System.Text.Encoding.UTF8.GetString(entry.Value.Span)}");
        return found;
    }
}
