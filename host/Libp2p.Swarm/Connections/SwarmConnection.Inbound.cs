using Libp2p.Swarm.Multistream;
using Libp2p.Swarm.Roles;

namespace Libp2p.Swarm.Connections;

internal sealed partial class SwarmConnection
{
    private int _negotiating;

    private async Task AcceptLoopAsync()
    {
        try
        {
            while (await _secure.AcceptStreamAsync().ConfigureAwait(false) is { } muxed)
            {
                Accept(muxed);
            }
        }
        catch (Exception cause)
        {
            // How the connection ended is told by its completion; a loop that ends without that must not leave it half alive.
            Context.Logger.AcceptLoopFailed(cause, Id);
            _secure.Abort(ConnectionErrorCode.None);
        }
    }

    /// <summary>Never waits: one slow stream must not hold up the next.</summary>
    private void Accept(IMuxedStream muxed)
    {
        if (Volatile.Read(ref _negotiating) >= Context.Options.MaxPendingNegotiations || !TryAdmit(ConnectionDirection.Inbound, out _))
        {
            muxed.Abort(StreamSide.Both, StreamErrorCode.ResourceLimitExceeded);
            _ = DisposeRefusedAsync(muxed);
            return;
        }

        var stream = new SwarmStream(this, muxed, ConnectionDirection.Inbound);
        List(stream);
        Interlocked.Increment(ref _negotiating);
        _ = NegotiateAsync(stream);
    }

    private async Task DisposeRefusedAsync(IMuxedStream muxed)
    {
        try
        {
            await muxed.DisposeAsync().ConfigureAwait(false);
        }
        catch (Libp2pException cause)
        {
            Context.Logger.DisposeFailed(cause, "a refused stream");
        }
    }

    /// <summary>Agrees on a protocol, at once where the proposal came with the stream, and hands the stream to its handler.</summary>
    private async Task NegotiateAsync(SwarmStream stream)
    {
        // One table for the whole negotiation: the index it gives is of this table.
        var handlers = Context.Roles.Current.Handlers;
        Registration? owner = null;
        var accepted = Context.Runtime.Time.GetTimestamp();
        try
        {
            int index;
            try
            {
                var answering = MultistreamNegotiator.AnswerAsync(stream.Muxed.Input, stream.Muxed.Output, handlers.Protocols);
                if (!answering.IsCompleted) stream.BeginNegotiation(accepted);
                index = await answering.ConfigureAwait(false);
            }
            finally
            {
                stream.EndNegotiation();
                Interlocked.Decrement(ref _negotiating);
            }

            if (index == MultistreamNegotiator.NothingAgreed)
            {
                SwarmMetrics.NegotiationsFailed.Add(1, SwarmMetrics.Direction(ConnectionDirection.Inbound), SwarmMetrics.Reason("unsupported"));
                await stream.DisposeAsync().ConfigureAwait(false);
                return;
            }

            if (!handlers.OwnerOf(index).Uses.TryEnter())
            {
                // Its handler left between our answer and now.
                await stream.FailAsync(StreamErrorCode.None).ConfigureAwait(false);
                return;
            }

            owner = handlers.OwnerOf(index);
            if (!Context.Handlers.TryEnter())
            {
                owner.Uses.Exit();
                await stream.FailAsync(StreamErrorCode.None).ConfigureAwait(false);
                return;
            }

            stream.Agree(handlers.Protocols.Protocols[index], owner);
            if (!stream.TryCount(out _))
            {
                Context.Handlers.Exit();
                owner.Uses.Exit();
                await stream.FailAsync(StreamErrorCode.ResourceLimitExceeded).ConfigureAwait(false);
                return;
            }

            RecordNegotiation(ConnectionDirection.Inbound, accepted);
        }
        catch (Exception failure)
        {
            NegotiationFailed(ConnectionDirection.Inbound, stream.NegotiationTimedOut ? stream.TimedOut(failure) : failure);
            await stream.FailAsync(StreamErrorCode.ProtocolNegotiationFailed).ConfigureAwait(false);
            return;
        }

        Context.Runtime.Scheduler.Schedule(static state => _ = ((SwarmStream)state!).ServeAsync(), stream);
    }
}
