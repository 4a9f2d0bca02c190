using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <summary>What every <see cref="IRecordStore"/> keeps. The store validates by <see cref="Validators"/> and lives on the clock of <see cref="Runtime"/>.</summary>
public abstract class RecordStoreContract : IAsyncLifetime
{
    private static readonly PrivateKey Key = TestIdentity.Dialer.Key;

    /// <summary>Time and randomness of the store; the test moves the clock.</summary>
    protected TestRuntime Runtime { get; } = TestRuntime.Fake();

    /// <summary>What the store must validate by: those of <c>/pk/</c> and <c>/ipns/</c>.</summary>
    protected RecordValidators Validators { get; } = new(RecordValidators.Standard);

    /// <summary>How long the store keeps a record however long it is valid. Default 48 hours.</summary>
    protected virtual TimeSpan MaxAge => TimeSpan.FromHours(48);

    /// <summary>The store of this test, empty at first.</summary>
    protected IRecordStore Store { get; private set; } = null!;

    /// <summary>Where the record of the test stands.</summary>
    protected static RecordKey Name => RecordKey.OfName(Key.PublicKey.PeerId);

    /// <summary>Opens the store of this test, which is empty at first; where it is persistent, again and with what was there.</summary>
    /// <param name="maxRecords">The most records it keeps.</param>
    protected abstract ValueTask<IRecordStore> OpenAsync(int maxRecords = 1024);

    /// <summary>Opens the store.</summary>
    public virtual async ValueTask InitializeAsync() => Store = await OpenAsync();

    /// <summary>A derived class deletes what is left of the store.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_is_not_there_is_no_error()
    {
        (await Store.GetAsync(Name)).ShouldBeNull();
        (await Store.RemoveAsync(Name)).ShouldBeFalse();
        (await AllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_record_is_kept_with_the_time_it_came_and_removed()
    {
        var value = Record(1);
        (await Store.PutAsync(Name, value)).ShouldBeTrue();

        var record = (await Store.GetAsync(Name)).ShouldNotBeNull();
        (record.Key, record.TimeReceived).ShouldBe((Name, Runtime.Clock.GetUtcNow()));
        record.Value.ToArray().ShouldBe(value.ToArray());
        (await Store.RemoveAsync(Name)).ShouldBeTrue();
        (await Store.GetAsync(Name)).ShouldBeNull();
        (await Store.RemoveAsync(Name)).ShouldBeFalse();
    }

    [Fact]
    public async Task The_value_is_copied()
    {
        var value = Record(1).ToArray();
        await Store.PutAsync(Name, value);
        value.AsSpan().Clear();
        (await Store.GetAsync(Name)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Row42_the_better_of_two_stays_whichever_came_first()
    {
        (await Store.PutAsync(Name, Record(2))).ShouldBeTrue();
        (await Store.PutAsync(Name, Record(1))).ShouldBeFalse();
        (await SequenceAsync()).ShouldBe(2UL);
        (await Store.PutAsync(Name, Record(3))).ShouldBeTrue();
        (await SequenceAsync()).ShouldBe(3UL);
    }

    [Fact]
    public async Task Of_many_that_come_at_once_the_best_stays()
    {
        var values = Enumerable.Range(0, 32).Select(i => Record((ulong)(i * 7 % 32))).ToArray();
        await Task.WhenAll(values.Select(async value =>
        {
            await Task.Yield();
            await Store.PutAsync(Name, value);
        }));
        (await SequenceAsync()).ShouldBe(31UL);
    }

    [Fact]
    public async Task The_same_value_again_is_kept_from_now_on()
    {
        await Store.PutAsync(Name, Record(1, TimeSpan.FromDays(90)));
        var value = (await Store.GetAsync(Name))!.Value;
        Runtime.Clock.Advance(TimeSpan.FromHours(1));
        (await Store.PutAsync(Name, value)).ShouldBeTrue();
        (await Store.GetAsync(Name))!.TimeReceived.ShouldBe(Runtime.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Row42_what_another_key_signed_is_refused_and_changes_nothing()
    {
        await Store.PutAsync(Name, Record(1));
        var foreign = IpnsRecord.Create(TestIdentity.Listener.Key, "/x", 9, Runtime.Clock.GetUtcNow().AddHours(1)).Encoded;
        await Should.ThrowAsync<RecordException>(async () => await Store.PutAsync(Name, foreign));
        await Should.ThrowAsync<RecordException>(async () => await Store.PutAsync(Name, "rubbish"u8.ToArray()));
        (await SequenceAsync()).ShouldBe(1UL);
    }

    [Fact]
    public async Task Row49_a_namespace_that_nothing_validates_holds_nothing()
    {
        await Should.ThrowAsync<RecordException>(async () => await Store.PutAsync(RecordKey.Create("v", "x"u8), "y"u8.ToArray()));
        await Should.ThrowAsync<RecordException>(async () => await Store.PutAsync(RecordKey.Parse("x"u8), "y"u8.ToArray()));
        (await AllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_has_expired_is_gone_and_worse_may_take_its_place()
    {
        await Store.PutAsync(Name, Record(5, TimeSpan.FromHours(1)));
        Runtime.Clock.Advance(TimeSpan.FromHours(2));
        (await AllAsync()).ShouldBeEmpty();
        (await Store.GetAsync(Name)).ShouldBeNull();
        (await Store.PutAsync(Name, Record(1))).ShouldBeTrue();
        (await SequenceAsync()).ShouldBe(1UL);
    }

    [Fact]
    public async Task What_came_long_ago_is_gone_though_it_is_valid()
    {
        await Store.PutAsync(Name, Record(1, MaxAge * 3));
        Runtime.Clock.Advance(MaxAge);
        (await Store.GetAsync(Name)).ShouldNotBeNull();
        Runtime.Clock.Advance(TimeSpan.FromSeconds(1));
        (await Store.GetAsync(Name)).ShouldBeNull();
    }

    [Fact]
    public async Task Namespaces_are_listed_apart_and_together()
    {
        var place = RecordKey.OfPublicKey(Key.PublicKey.PeerId);
        await Store.PutAsync(Name, Record(1));
        await Store.PutAsync(place, Key.PublicKey.Protobuf);

        (await AllAsync()).Select(record => record.Key).ShouldBe([Name, place], ignoreOrder: true);
        (await AllAsync(RecordKey.Ipns)).Select(record => record.Key).ShouldBe([Name]);
        (await AllAsync("other")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Row49_a_full_store_keeps_what_it_has_and_takes_new_keys_again_once_something_is_gone()
    {
        Store = await OpenAsync(maxRecords: 2);
        await Store.PutAsync(Name, Record(1, TimeSpan.FromHours(1)));
        await Store.PutAsync(Place(2), Public(2));
        await Should.ThrowAsync<ResourceLimitException>(async () => await Store.PutAsync(Place(3), Public(3)));
        (await Store.PutAsync(Name, Record(2, TimeSpan.FromHours(1)))).ShouldBeTrue("a key that is there may have a better value");
        (await SequenceAsync()).ShouldBe(2UL);

        Runtime.Clock.Advance(TimeSpan.FromHours(2));
        (await Store.PutAsync(Place(3), Public(3))).ShouldBeTrue("what has expired makes room");
        await Store.RemoveAsync(Place(3));
        (await Store.PutAsync(Place(4), Public(4))).ShouldBeTrue();
    }

    [Fact]
    public async Task Cancelled_calls_change_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.PutAsync(Name, Record(1), cancelled));
        (await Store.GetAsync(Name)).ShouldBeNull();
        await Store.PutAsync(Name, Record(1));
    }

    /// <summary>A record of <see cref="Name"/>.</summary>
    protected ReadOnlyMemory<byte> Record(ulong sequence, TimeSpan? life = null) =>
        IpnsRecord.Create(Key, $"/ipfs/{sequence}", sequence, Runtime.Clock.GetUtcNow() + (life ?? TimeSpan.FromDays(1))).Encoded;

    private async Task<ulong> SequenceAsync() => IpnsRecord.Open(Key.PublicKey.PeerId, (await Store.GetAsync(Name))!.Value.Span).Sequence;

    private async Task<List<DhtRecord>> AllAsync(string? @namespace = null)
    {
        List<DhtRecord> all = [];
        await foreach (var record in Store.ListAsync(@namespace)) all.Add(record);
        return all;
    }

    private static RecordKey Place(byte number) => RecordKey.OfPublicKey(TestIdentity.Get(number).PeerId);

    private static ReadOnlyMemory<byte> Public(byte number) => TestIdentity.Get(number).PublicKey.Protobuf;
}
