namespace Libp2p.Endurance.StoreKills;

/// <summary>The process that is killed: several write at once to one node's datastore and peerstore, and each says on standard output what was acknowledged, as soon as it was.</summary>
internal static class StoreWriter
{
    public static async Task<int> RunAsync(string folder, int round)
    {
        await using var node = await StoreNode.StartAsync(folder).ConfigureAwait(false);
        var output = new Acknowledgements(Console.OpenStandardOutput());
        var store = node.Store.Below(StoreWork.Place(round));
        await Task.WhenAll(
            Repeat(StoreAck.Put, async n => await store.PutAsync($"/put/{n}", StoreWork.Value(n)).ConfigureAwait(false)),
            Repeat(StoreAck.Deleted, async n =>
            {
                await store.PutAsync($"/deleted/{n}", StoreWork.Value(n)).ConfigureAwait(false);
                await store.DeleteAsync($"/deleted/{n}").ConfigureAwait(false);
            }),
            Repeat(StoreAck.Synced, async n =>
            {
                await store.PutAsync($"/synced/{n}", StoreWork.Value(n)).ConfigureAwait(false);
                await store.SyncAsync().ConfigureAwait(false);
            }),
            Repeat(StoreAck.Batch, async n =>
            {
                var number = BitConverter.GetBytes(n);
                await store.WriteAsync(new DatastoreBatch().Put("/batch/left", number).Put($"/batch/all/{n}", StoreWork.Value(n)).Put("/batch/right", number)).ConfigureAwait(false);
            }),
            Repeat(StoreAck.Peer, async n =>
            {
                var peer = StoreWork.Peer(round, n);
                node.Peers.AddAddresses(peer, [StoreWork.Address(n)], TimeSpan.FromDays(1));
                node.Peers.SetProtocols(peer, [$"/n/{n}"]);
                node.Peers.TrySetMetadata(peer, "n", StoreWork.Value(n));
                await node.Peers.FlushAsync().ConfigureAwait(false);
            }),
            Repeat(StoreAck.Removed, async n =>
            {
                var peer = StoreWork.Peer(-round - 1, n);
                node.Peers.AddAddresses(peer, [StoreWork.Address(n)], TimeSpan.FromDays(1));
                await node.Peers.FlushAsync().ConfigureAwait(false);
                node.Peers.Remove(peer);
                await node.Peers.FlushAsync().ConfigureAwait(false);
            })).ConfigureAwait(false);
        return 0;

        // More than anybody waits for: who is not killed ends.
        Task Repeat(StoreAck what, Func<int, Task> once) => Task.Run(async () =>
        {
            for (var n = 1; n <= 20_000; n++)
            {
                await once(n).ConfigureAwait(false);
                output.Say(what, n);
            }
        });
    }

    /// <summary>Lines that are with the operating system when the call returns.</summary>
    private sealed class Acknowledgements(Stream output)
    {
        private readonly Lock _gate = new();

        public void Say(StoreAck what, int n)
        {
            var line = System.Text.Encoding.ASCII.GetBytes($"{what} {n}\n");
            lock (_gate)
            {
                output.Write(line);
                output.Flush();
            }
        }
    }
}
