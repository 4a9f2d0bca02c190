namespace Libp2p.Endurance.StoreKills;

/// <summary>Whether all that was acknowledged is there. What was under way may be there or not, but not half.</summary>
internal static class StoreVerdict
{
    /// <param name="node">On the folder of the one that was killed.</param>
    /// <param name="round">Which of them.</param>
    /// <param name="last">The last number of each kind that was acknowledged.</param>
    /// <exception cref="EnduranceException">Something is lost, or half there.</exception>
    public static async Task CheckAsync(StoreNode node, int round, int[] last)
    {
        var store = node.Store.Below(StoreWork.Place(round));
        await CheckValuesAsync(store, "put", last[(int)StoreAck.Put]).ConfigureAwait(false);
        await CheckValuesAsync(store, "synced", last[(int)StoreAck.Synced]).ConfigureAwait(false);
        for (var n = 1; n <= last[(int)StoreAck.Deleted]; n++)
        {
            if (await store.HasAsync($"/deleted/{n}").ConfigureAwait(false)) throw new EnduranceException($"/deleted/{n} was deleted, and is there");
        }

        var (left, right) = (await NumberAsync(store, "/batch/left").ConfigureAwait(false), await NumberAsync(store, "/batch/right").ConfigureAwait(false));
        if (left != right) throw new EnduranceException($"half a batch is there: {left} and {right}");
        if (left < last[(int)StoreAck.Batch]) throw new EnduranceException($"batch {last[(int)StoreAck.Batch]} was acknowledged, and the last one there is {left}");
        await CheckValuesAsync(store, "batch/all", left).ConfigureAwait(false);
        await CheckNothingAsync(store, $"/batch/all/{left + 1}").ConfigureAwait(false);
        CheckPeers(node.Peers, round, last);
    }

    private static async Task CheckValuesAsync(IDatastore store, string name, int count)
    {
        for (var n = 1; n <= count; n++)
        {
            var value = await store.GetAsync($"/{name}/{n}").ConfigureAwait(false) ?? throw new EnduranceException($"/{name}/{n} was acknowledged, and is lost");
            if (!value.Span.SequenceEqual(StoreWork.Value(n))) throw new EnduranceException($"/{name}/{n} is another value than was put");
        }
    }

    private static async Task CheckNothingAsync(IDatastore store, DatastoreKey key)
    {
        if (await store.HasAsync(key).ConfigureAwait(false)) throw new EnduranceException($"half a batch is there: {key}, and not what was written with it");
    }

    private static async Task<int> NumberAsync(IDatastore store, DatastoreKey key) =>
        await store.GetAsync(key).ConfigureAwait(false) is { } value ? BitConverter.ToInt32(value.Span) : 0;

    private static void CheckPeers(IPeerstore peers, int round, int[] last)
    {
        for (var n = 1; n <= last[(int)StoreAck.Peer]; n++)
        {
            if (!peers.TryGet(StoreWork.Peer(round, n), out var info)) throw new EnduranceException($"peer {n} was acknowledged, and is lost");
            if (!info.Addresses.SequenceEqual([StoreWork.Address(n)])) throw new EnduranceException($"peer {n} has other addresses than were acknowledged");
            if (!info.Protocols.SequenceEqual([$"/n/{n}"])) throw new EnduranceException($"peer {n} has other protocols than were acknowledged");
            if (!peers.TryGetMetadata(info.PeerId, "n", out var value) || !value.Span.SequenceEqual(StoreWork.Value(n))) throw new EnduranceException($"peer {n} has lost its metadata");
        }

        for (var n = 1; n <= last[(int)StoreAck.Removed]; n++)
        {
            if (peers.TryGet(StoreWork.Peer(-round - 1, n), out _)) throw new EnduranceException($"peer {n} was removed, and is there");
        }
    }
}
