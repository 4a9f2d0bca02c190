using System.Globalization;
using Shouldly;
using Xunit;

namespace Libp2p.TestKit;

/// <content>Whatever is done to it, it is what a sorted dictionary would be.</content>
public abstract partial class DatastoreContract
{
    // Few, so that they meet; some in front of others, and with what sorts around the slash.
    private static readonly string[] Components = ["a", "ab", "b", "a-", "a.", "a0", "0", "~"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task It_is_what_a_sorted_dictionary_would_be(int seed)
    {
        var random = new Random(seed);
        var model = new SortedDictionary<string, (string Value, DateTimeOffset Expires)>(StringComparer.Ordinal);
        for (var step = 0; step < 300; step++)
        {
            var what = random.Next(100);
            if (what < 30) await PutAsync(random, model);
            else if (what < 45) await DeleteAsync(random, model);
            else if (what < 60) await WriteAsync(random, model);
            else if (what < 65) Runtime.Clock.Advance(TimeSpan.FromSeconds(random.Next(20)));
            else if (what < 67 && Store.Features.HasFlag(DatastoreFeatures.Persistent)) await ReopenAsync();
            else if (what < 80) await CompareAsync(AnyKey(random), model);
            else await CompareAsync(AnyQuery(random), model);
        }

        await CompareAsync(new DatastoreQuery { Order = DatastoreOrder.Ascending }, model);
    }

    private async Task PutAsync(Random random, SortedDictionary<string, (string, DateTimeOffset)> model)
    {
        var (key, value, life) = (AnyKey(random), AnyValue(random), AnyLife(random));
        await Store.PutAsync(key, Bytes(value), life).Within(Patience);
        model[key] = (value, ExpiryOf(life));
    }

    private async Task DeleteAsync(Random random, SortedDictionary<string, (string, DateTimeOffset)> model)
    {
        var key = AnyKey(random);
        await Store.DeleteAsync(key).Within(Patience);
        model.Remove(key);
    }

    private async Task WriteAsync(Random random, SortedDictionary<string, (string, DateTimeOffset)> model)
    {
        var batch = new DatastoreBatch();
        for (var count = random.Next(8); count > 0; count--)
        {
            var (key, value, life) = (AnyKey(random), AnyValue(random), AnyLife(random));
            if (random.Next(3) == 0)
            {
                batch.Delete(key);
                model.Remove(key);
            }
            else
            {
                batch.Put(key, Bytes(value), life);
                model[key] = (value, ExpiryOf(life));
            }
        }

        await Store.WriteAsync(batch).Within(Patience);
    }

    private async Task CompareAsync(string key, SortedDictionary<string, (string Value, DateTimeOffset Expires)> model)
    {
        var expected = model.TryGetValue(key, out var known) && known.Expires > Runtime.Clock.GetUtcNow() ? known.Value : null;
        (await TextAsync(key)).ShouldBe(expected);
        (await Store.HasAsync(key).Within(Patience)).ShouldBe(expected is not null);
    }

    private async Task CompareAsync(DatastoreQuery query, SortedDictionary<string, (string Value, DateTimeOffset Expires)> model)
    {
        var prefix = query.Prefix.IsRoot ? "/" : $"{query.Prefix}/";
        var expected = model.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal) && pair.Value.Expires > Runtime.Clock.GetUtcNow())
            .Select(pair => $"{pair.Key}={(query.KeysOnly ? "" : pair.Value.Value)}").ToList();
        if (query.Order == DatastoreOrder.Descending) expected.Reverse();
        var found = await AllAsync(query);
        if (query.Order == DatastoreOrder.Any)
        {
            found.Count.ShouldBe(expected.Skip((int)query.Offset).Take((int)(query.Limit ?? 1000)).Count());
            found.ShouldBeSubsetOf(expected);
            found.Distinct().Count().ShouldBe(found.Count);
        }
        else
        {
            found.ShouldBe(expected.Skip((int)query.Offset).Take((int)(query.Limit ?? 1000)));
        }
    }

    private static string AnyKey(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => "/" + Components[random.Next(Components.Length)]));

    private static string AnyValue(Random random) => random.Next(1_000_000).ToString(CultureInfo.InvariantCulture)[..random.Next(2)] + new string('x', random.Next(20));

    private TimeSpan? AnyLife(Random random) =>
        random.Next(3) == 0 && Store.Features.HasFlag(DatastoreFeatures.TimeToLive) ? TimeSpan.FromSeconds(random.Next(1, 60)) : null;

    private DateTimeOffset ExpiryOf(TimeSpan? life) => life is { } time ? Runtime.Clock.GetUtcNow() + time : DateTimeOffset.MaxValue;

    private static DatastoreQuery AnyQuery(Random random) => new()
    {
        Prefix = random.Next(4) == 0 ? DatastoreKey.Root : AnyKey(random),
        Order = (DatastoreOrder)random.Next(3),
        Offset = random.Next(3) == 0 ? random.Next(10) : 0,
        Limit = random.Next(3) == 0 ? random.Next(10) : null,
        KeysOnly = random.Next(4) == 0,
    };
}
