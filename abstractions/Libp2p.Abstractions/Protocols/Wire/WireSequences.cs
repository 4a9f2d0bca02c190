namespace Libp2p.Wire;

/// <summary>The elements of a repeated <c>bytes</c> or <c>string</c> field of a view, as spans into the message.</summary>
public readonly ref struct WireBytesSequence
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly uint _tag;

    /// <summary>Made by generated code, over a message that was checked.</summary>
    public WireBytesSequence(ReadOnlySpan<byte> message, uint tag, int count)
    {
        _message = message;
        _tag = tag;
        Count = count;
    }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>Walks the elements in the order of the message.</summary>
    public Enumerator GetEnumerator() => new(_message, _tag, Count);

    /// <summary>Walks the elements.</summary>
    public ref struct Enumerator
    {
        private readonly uint _tag;
        private WireReader _reader;
        private int _left;

        internal Enumerator(ReadOnlySpan<byte> message, uint tag, int count)
        {
            _reader = new WireReader(message);
            _tag = tag;
            _left = count;
        }

        /// <summary>The element.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Goes to the next element.</summary>
        public bool MoveNext()
        {
            while (_left > 0 && _reader.ReadTag() is var tag and not 0)
            {
                if (tag == _tag)
                {
                    Current = _reader.ReadBytes();
                    _left--;
                    return true;
                }

                _reader.Skip(tag);
            }

            return false;
        }
    }
}

/// <summary>The elements of a repeated message field of a view.</summary>
/// <typeparam name="TView">The elements' view.</typeparam>
public readonly ref struct WireViewSequence<TView>
    where TView : struct, IWireView<TView>, allows ref struct
{
    private readonly WireBytesSequence _messages;

    /// <summary>Made by generated code, over a message that was checked.</summary>
    public WireViewSequence(ReadOnlySpan<byte> message, uint tag, int count) => _messages = new WireBytesSequence(message, tag, count);

    /// <summary>Number of elements.</summary>
    public int Count => _messages.Count;

    /// <summary>Walks the elements in the order of the message.</summary>
    public Enumerator GetEnumerator() => new(_messages.GetEnumerator());

    /// <summary>Walks the elements.</summary>
    public ref struct Enumerator
    {
        private WireBytesSequence.Enumerator _messages;

        internal Enumerator(WireBytesSequence.Enumerator messages) => _messages = messages;

        /// <summary>The element.</summary>
        public readonly TView Current => TView.Read(_messages.Current);

        /// <summary>Goes to the next element.</summary>
        public bool MoveNext() => _messages.MoveNext();
    }
}

/// <summary>The elements of a repeated scalar field of a view, packed or not.</summary>
/// <typeparam name="T">The scalar.</typeparam>
/// <typeparam name="TCodec">How it is laid out.</typeparam>
public readonly ref struct WireScalarSequence<T, TCodec>
    where T : unmanaged
    where TCodec : struct, IWireScalar<T>
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly uint _number;

    /// <summary>Made by generated code, over a message that was checked.</summary>
    public WireScalarSequence(ReadOnlySpan<byte> message, uint number, int count)
    {
        _message = message;
        _number = number;
        Count = count;
    }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>Walks the elements in the order of the message.</summary>
    public Enumerator GetEnumerator() => new(_message, _number, Count);

    /// <summary>Walks the elements.</summary>
    public ref struct Enumerator
    {
        private readonly uint _packed;
        private readonly uint _single;
        private WireReader _reader;
        private WireReader _inner;
        private int _left;

        internal Enumerator(ReadOnlySpan<byte> message, uint number, int count)
        {
            _reader = new WireReader(message);
            _single = (number << 3) | (uint)TCodec.WireType;
            _packed = (number << 3) | (uint)WireType.Length;
            _left = count;
        }

        /// <summary>The element.</summary>
        public T Current { get; private set; }

        /// <summary>Goes to the next element.</summary>
        public bool MoveNext()
        {
            while (_left > 0)
            {
                if (!_inner.End)
                {
                    Current = TCodec.Read(ref _inner);
                    _left--;
                    return true;
                }

                var tag = _reader.ReadTag();
                if (tag == _single)
                {
                    Current = TCodec.Read(ref _reader);
                    _left--;
                    return true;
                }

                if (tag == _packed)
                {
                    _inner = _reader.EnterPacked();
                }
                else if (tag == 0)
                {
                    return false;
                }
                else
                {
                    _reader.Skip(tag);
                }
            }

            return false;
        }
    }
}
