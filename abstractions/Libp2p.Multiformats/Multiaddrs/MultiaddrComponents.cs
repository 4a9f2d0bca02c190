using System.Collections;

namespace Libp2p.Multiformats;

/// <summary>The components of a <see cref="Multiaddr"/>, in order. <c>foreach</c> does not allocate.</summary>
public readonly struct MultiaddrComponents : IEnumerable<MultiaddrComponent>
{
    private readonly Multiaddr? _address;

    internal MultiaddrComponents(Multiaddr address) => _address = address;

    /// <summary>Starts at the first component.</summary>
    public Enumerator GetEnumerator() => new(_address);

    IEnumerator<MultiaddrComponent> IEnumerable<MultiaddrComponent>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Steps through the components.</summary>
    public struct Enumerator : IEnumerator<MultiaddrComponent>
    {
        private readonly Multiaddr? _address;
        private int _next;

        internal Enumerator(Multiaddr? address) => _address = address;

        /// <inheritdoc/>
        public MultiaddrComponent Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            var bytes = _address is null ? default : _address.Span;
            if (_next >= bytes.Length)
            {
                return false;
            }

            // The bytes were validated when the address was made.
            var start = _next;
            _ = UnsignedVarint.TryRead(bytes[start..], out var code, out var codeLength);
            _ = MultiaddrProtocol.TryGet(code, out var protocol);
            var valueStart = start + codeLength;
            var valueLength = protocol.Size / 8;
            if (protocol.Size < 0)
            {
                _ = UnsignedVarint.TryRead(bytes[valueStart..], out var length, out var lengthLength);
                valueStart += lengthLength;
                valueLength = (int)length;
            }

            _next = valueStart + valueLength;
            Current = new MultiaddrComponent(_address!, protocol, start, valueStart, _next);
            return true;
        }

        /// <inheritdoc/>
        public void Reset()
        {
            _next = 0;
            Current = default;
        }

        /// <summary>Does nothing.</summary>
        public readonly void Dispose()
        {
        }
    }
}
